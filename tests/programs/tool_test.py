"""The tool notices what it is made for: each kind of fault, planted in a program; and it makes programs short."""

import ast
import os

import numpy as np
import pytest
import vocabulary
from author import program
from frozen import difference, frozen
from reduction import reduced
from report import report
from theatre import theatre

FILLER = ["n1 = nest.Create('iaf_psc_alpha', 2)", "nest.Connect(n1, n1)", "nest.Simulate(5.0)"]


@pytest.fixture(scope="module")
def here():
    with theatre(os.environ["VOLLEY_SERVER"], patience_s=30.0) as started:
        yield started


def test_a_program_is_a_function_of_its_seed_and_each_line_is_python():
    assert program(3) == program(3) != program(4)
    for seed in range(200):
        assert all(len(ast.parse(text).body) == 1 for text in program(seed))


def test_programs_use_the_whole_api():
    words = "\n".join(text for seed in range(1500) for text in program(seed))
    verbs = """Create Connect TripartiteConnect Disconnect GetConnections GetNodes NodeCollection PrintNodes GetStatus
        SetStatus GetDefaults SetDefaults CopyModel
        GetKernelStatus SetKernelStatus ResetKernel Prepare Run Cleanup Simulate CollocatedSynapses
        CreateParameter CreateMask GetPosition Displacement FindNearestElement SelectNodesByMask
        GetTargetNodes EnableStructuralPlasticity DisableStructuralPlasticity
        structural_plasticity_synapses synaptic_elements synaptic_elements_param""".split()
    methods = [".set(", ".get(", ".disconnect(", ".apply(", ".GetValue(", ".events", ".weight = ", "np.array("]
    for word in [
        *verbs,
        *methods,
        *vocabulary.NODES,
        *vocabulary.SYNAPSES,
        *vocabulary.RULES,
        *vocabulary.WRONG_VALUES,
    ]:
        assert word in words, word


def test_a_program_without_fault_has_none(here):
    assert here.judge(FILLER) == []


@pytest.mark.parametrize(
    "line, kind",
    [
        ("nest.total_num_virtual_procs", "results differ"),
        ("n1.V_th = -50.0 - nest.total_num_virtual_procs", "ends differ"),
        ("n1[:nest.total_num_virtual_procs // 3 + 1].set(frozen=True)", "ends differ"),
        ("[nest.Create('parrot_neuron'), 1 / 0]", "a refusal changed"),
        ("[nest.random.uniform().GetValue(), 1 / 0] + [nest.random.uniform().GetValue()]", None),
        ("nest.GetDefaults('x' * 2 * 10**7)", None),  # which no request to a server holds
        ("assert False, 'text'", "no clear refusal"),
        ("__import__('os').abort()", "the process ended"),
        ("__import__('os').kill(int(open('/proc/thread-self/children').read().split()[0]), 9)", "a kernel is lost"),
    ],
    ids=str,
)
def test_planted_faults_are_noticed_at_their_line(here, line, kind):
    found = here.judge([*FILLER, line, *FILLER])
    if kind is None:
        assert found == []
        return
    # A kernel that another one's performance has ended is missed when its own begins, behind the other's last line.
    at_the_end = kind in ("ends differ", "a kernel is lost")
    assert {one.line for one in found if one.kind == kind} == {7 if at_the_end else 3}
    assert here.judge(FILLER) == []  # and what comes next is not touched


def test_servers_may_have_the_addresses_of_a_sanitizer(here):
    limit = "__import__('resource').prlimit({}, __import__('resource').RLIMIT_AS)[0]"
    server = limit.format("int(open('/proc/thread-self/children').read().split()[0])")
    assert here.judge([*FILLER, f"assert {server} == -1 and 0 < {limit.format(0)} < 2**40"]) == []


def test_the_line_is_told_among_refused_ones(here):
    planted = [*FILLER, "1 / 0", "nest.Create('none')", "[nest.Create('parrot_neuron'), 1 / 0]", "1 / 0", *FILLER]
    changed = {one.line for one in here.judge(planted) if one.kind == "a refusal changed"}
    assert changed == {5}


def test_a_refusal_that_only_later_calls_feel_is_noticed(here):
    planted = ["[nest.random.uniform().GetValue(), 1 / 0]", "nest.random.uniform().GetValue()"]
    assert [one.kind for one in here.judge(planted)] == ["results differ"]


def test_silence_is_noticed():
    with theatre(os.environ["VOLLEY_SERVER"], patience_s=1.0) as impatient:
        (found,) = impatient.judge([*FILLER, "__import__('time').sleep(1e6)"])
    assert (found.kind, found.line) == ("the process hangs", 3)


def test_a_report_is_a_short_script(here):
    planted = [*FILLER, "n1.set(V_th=-50.0 - nest.total_num_virtual_procs, C_m=200.0)", *FILLER]
    text = report(here.judge, 1, planted, here.judge(planted)[0], attempts=100)
    assert "Seed 1" in text and "ends differ" in text
    assert "C_m" not in text and "Simulate" not in text and "Create" in text
    compile(text, "report", "exec")


def test_reduction_leaves_what_is_needed():
    lines = ["a = f(1, {'x': g(2), 'y': 3})", "b = [1, 2, 3]", "c = 1"]
    assert reduced(lines, lambda some: any("'x': g" in text for text in some)) == ["a = f(1, {'x': g(2)})"]


def test_frozen_values_are_compared_bit_by_bit():
    assert frozen(float("nan")) == frozen(float("nan")) and frozen(0.0) != frozen(-0.0) and frozen(1) != frozen(1.0)
    assert frozen(np.array([1.0])) == frozen(np.array([1.0])) != frozen(np.array([1]))
    assert frozen({"vp": 1, "a": 2}) == frozen({"vp": 3, "a": 2})
    assert difference(frozen({"a": [1, 2.0]}), frozen({"a": [1, 3.0]}), "x") == "x.a[1]: 2.0 and 3.0"
