"""/exec: source text from elsewhere."""

SOURCE = """
import nest
neurons = nest.Create("iaf_psc_alpha", 3, {"V_m": nest.random.uniform(-70.0, -60.0)})
nest.resolution
print("made", len(neurons))
ids = neurons.tolist()
"""


def test_a_source_builds_prints_and_returns(fresh):
    got = fresh.ask("/exec", {"source": SOURCE, "return": ["ids", "nothing"]})
    assert got.body == {"stdout": "made 3\n", "data": {"ids": [1, 2, 3], "nothing": None}}
    assert fresh.call("GetKernelStatus", keys="network_size") == 3
    assert fresh.ask("/exec", {"source": "x = 1", "return": "x"}).body == {"data": 1}
    assert fresh.ask("/exec", {"source": "x = 1"}).body == {}


def test_errors_name_the_line(fresh):
    got = fresh.ask("/exec", {"source": "x = 1\nnest.Create('nonsense')"})
    assert got.status == 400 and got.body["lineNumber"] == 2
    assert got.body["message"].startswith("UnknownModelName (NESTError) at line 2: ")
    got = fresh.ask("/exec", {"source": "x = 1\n\nx +"})
    assert got.body["lineNumber"] == 3 and got.body["message"].startswith("SyntaxError at line 3: ")


def test_a_refused_source_changes_nothing(fresh):
    got = fresh.ask("/exec", {"source": "nest.Create('iaf_psc_alpha')\nnest.Create.__globals__"})
    assert got.status == 400 and got.body["lineNumber"] == 2
    assert fresh.call("GetKernelStatus", keys="network_size") == 0


def test_a_source_that_takes_all_memory_or_ends_its_process_ends_alone(fresh):
    assert fresh.ask("/exec", {"source": "x = [0] * 10**10"}).body["message"].startswith("MemoryError at line 1")
    deep = "x = " + "(" * 60 + "1" + ")" * 60 + "\ndef f(n): return f(n + 1)\nf(0)"
    assert fresh.ask("/exec", {"source": deep}).status == 400
    assert fresh.ask("/exec", {"source": "print('x' * 2000000)"}).body["message"].startswith("MemoryError")
    assert fresh.call("Create", "iaf_psc_alpha") == [1]
