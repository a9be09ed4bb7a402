"""Writes programs in which each verb of the low-level session gets each wrong value in each of its places.

`session` is the session of the kernel; `nodes_of`, `synapses_of`, `expression` and `nested` make what no kernel ever
gave out (`forgery.py`). Lines after `NETWORK` are what is tried.
"""

from collections.abc import Iterator

from vocabulary import LEGAL_BUT_LONG, NODES, RULES, SETTINGS, SYNAPSES, WRONG_VALUES

NETWORK = [
    "old = session.create('iaf_psc_alpha', 2, None)",
    "session.connect(old, old, {'rule': 'all_to_all'}, [{}])",
    "gone = session.get_connections(None, None, None, None)",
    "session.reset_kernel()",
    "n = session.create('iaf_psc_alpha', 4, None)",
    "poisson = session.create('poisson_generator', 1, None)",
    "train = session.create('spike_generator', 1, {'spike_times': [1.0, 2.0]})",
    "meter = session.create('multimeter', 1, {'record_from': ['V_m']})",
    "recorder = session.create('spike_recorder', 1, None)",
    "session.connect(n, n, {'rule': 'all_to_all'}, [{'weight': 2.0, 'delay': 1.5}])",
    "session.connect(n, n, {'rule': 'one_to_one'}, [{'synapse_model': 'stdp_synapse'}])",
    "session.connect(poisson, n, {'rule': 'all_to_all'}, [{}])",
    "session.connect(meter, n, {'rule': 'all_to_all'}, [{}])",
    "session.simulate(2.0, None)",
    "c = session.get_connections(n, n, None, None)",
    "sure(lambda: len(c) == 20)",
]
# What was tried has broken nothing.
_AFTER = [
    "sure(lambda: session.create('parrot_neuron', 1, None))",
    "session.simulate(session.kernel_status(['resolution'])['resolution'], None)",
]

VERBS = {
    "create": ("'iaf_psc_alpha'", "2", "{'V_m': -60.0}"),
    "describe_nodes": ("n",),
    "node_values": ("n", "['V_m']"),
    "set_node_values": ("n", "{'V_m': -60.0}"),
    "match_nodes": ("{'V_m': -70.0}",),
    "connect": ("n", "n", "{'rule': 'one_to_one'}", "[{'weight': 2.0}]"),
    "connect_arrays": ("np.array([1, 2])", "np.array([2, 2])", "{'weight': 2.0}"),
    "tripartite_connect": (
        "n",
        "n",
        "n",
        "{'rule': 'one_to_one'}",
        "{'rule': 'third_factor_bernoulli_with_pool', 'pool_size': 2}",
        "[{'weight': 2.0}]",
        "[{'weight': 2.0}]",
        "[{'weight': 2.0}]",
    ),
    "disconnect": ("n", "n", "{'rule': 'one_to_one'}", "{'synapse_model': 'static_synapse'}"),
    "disconnect_connections": ("c",),
    "get_connections": ("n", "n", "'static_synapse'", "None"),
    "connection_values": ("c", "['weight']"),
    "set_connection_values": ("c", "{'weight': 3.0}"),
    "get_defaults": ("'iaf_psc_alpha'",),
    "set_defaults": ("'iaf_psc_alpha'", "{'V_m': -60.0}"),
    "copy_model": ("'iaf_psc_alpha'", "'copy'", "{'V_m': -60.0}"),
    "kernel_status": ("['resolution']",),
    "set_kernel_status": ("{'rng_seed': 5}",),
    "run": ("1.0", "None"),
    "simulate": ("1.0", "None"),
    "evaluate": ("nest.random.uniform()", "n", "None"),
    "describe_space": ("n",),
    "get_positions": ("n",),
    "displace": ("np.zeros((1, 2))", "n", "True"),
    "find_nearest": ("n", "np.zeros((1, 2))", "True"),
    "select_by_mask": ("n", "np.zeros(2)", "{'circular': {'radius': 1.0}}"),
    "test_mask": ("{'circular': {'radius': 1.0}}", "np.zeros((1, 2))"),
}
_FORGED = (
    "old",
    "gone",
    "nodes_of((99, 99, 1))",
    "nodes_of((0, 0, 1))",
    "nodes_of((1, 2**62, 1))",
    "nodes_of((1, 2**63, 1))",
    "nodes_of((3, 1, 1))",
    "nodes_of((1, 4, 2))",
    "nodes_of((2, 2, 1), (1, 1, 1))",
    "nodes_of((1, 3, 1), (2, 4, 1))",
    "nodes_of((-1, 2, 1))",
    "nodes_of((1, 3, -1))",
    "nodes_of((1, 4, 2**40))",
    "nodes_of(*[(1, 1, 1)] * 1000)",
    "poisson",
    "meter",
    "recorder",
    "c",
    "n",
    "synapses_of([1], [2], [0], [0, 1])",
    "synapses_of([1, 1], [2], [0, 0], [0, 0])",
    "synapses_of([1], [], [0], [0])",
    "synapses_of([99], [2], [0], [0])",
    "synapses_of([1], [-2], [0], [0])",
    "synapses_of([1], [2], [77], [0])",
    "synapses_of([1], [2], [0], [-1])",
    "synapses_of([1], [2], [2**62], [2**62])",
    "synapses_of([2**62], [2**62], [0], [0])",
    "synapses_of([1] * 2, [2] * 2, [0] * 2, [0] * 2)",
    "expression()",
    "expression(('nothing', (), ()))",
    "expression(('add', (0, 1), ()))",
    "expression(('add', (), ()))",
    "expression(('constant', (), ()))",
    "expression(('constant', (), (1.0, 2.0)))",
    "expression(('uniform', (), (2.0, 1.0)))",
    "expression(('uniformInt', (), (-1.0,)))",
    "expression(('uniformInt', (), (1e300,)))",
    "expression(('normal', (), (nan, inf)))",
    "expression(('constant', (), (1.0,)), ('exp', (7,), ()))",
    "expression(('distance', (), (0.0,)))",
    "expression(('position', (), (5.0, 7.0)))",
    "expression(('uniform', (), (0.0, 1.0)), ('redraw', (0,), (2.0, 3.0)))",
    "expression(*[('constant', (), (1.0,))] * 70000)",
    "expression(('constant', (), (1.0,)), *[('add', (i, i), ()) for i in range(5000)])",
    "nested(9)",
    "nested(30)",
    "nested(100000)",
    "[nested(100)]",
    "{'\\ud800': 1.0}",
    "['a', '\\ud800']",
    "{'a\\0b': 1.0}",
    "{'': 1.0}",
    "{str(i): i for i in range(20000)}",
    "list(range(20000))",
    "['x'] * 20000",
    "'x' * 10**6",
    "np.zeros((200, 300))",
    "np.zeros((0, 5))",
    "np.array(5)",
    "np.array([2**63], dtype=np.uint64)",
    "np.array([1 + 2j])",
    "np.array(['2020-01-01'], dtype='datetime64[D]')",
    "np.zeros(3, dtype=[('a', 'i4')])",
    "np.array([object()])",
    "np.arange(10)[::2]",
    "np.array([1.0, nan])",
    "print",
    "nest",
    "iter([1])",
)


def programs() -> Iterator[tuple[str, list[str]]]:
    """(name, program) for each place of each verb, and for each key that models, rules and the kernel know."""
    for verb, right in VERBS.items():
        values = [
            value
            for value in (*WRONG_VALUES, *_FORGED)
            if verb not in ("run", "simulate") or value not in LEGAL_BUT_LONG
        ]
        for place in range(len(right)):
            yield f"{verb}_{place}", _tried(_call(verb, right, place, value) for value in values)
        numbers = [", ".join(right[:-1]), ", ".join((*right, "None"))]
        yield f"{verb}_number", _tried(f"session.{verb}({some})" for some in numbers)
    for name, family in (("node", NODES), ("synapse", SYNAPSES)):
        for model in family:
            yield f"{name}_{model}", _tried(
                _keys_of_model(
                    model, [*family[model], "frozen"] if name == "node" else [*family[model], "weight", "delay"]
                )
            )
    for rule, key in RULES.items():
        yield f"rule_{rule}", _tried(_keys_of_rule(rule, key))
    yield "large", _tried(_large())
    yield "settings", _tried(_settings())
    yield "settings_first", [*_settings(), *_AFTER]


def _tried(lines) -> list[str]:
    return [*NETWORK, *lines, *_AFTER]


def _call(verb: str, right: tuple[str, ...], place: int, value: str) -> str:
    return f"session.{verb}({', '.join(value if i == place else one for i, one in enumerate(right))})"


def _keys_of_model(model: str, keys: list[str]) -> Iterator[str]:
    for key in keys:
        for value in WRONG_VALUES:
            entry = f"{{'{key}': {value}}}"
            if model in NODES:
                yield f"session.create('{model}', 2, {entry})"
            else:
                yield f"session.connect(n, n, {{'rule': 'one_to_one'}}, [{{'synapse_model': '{model}', **{entry}}}])"
                yield f"session.connect_arrays(np.array([1]), np.array([2]), {{'synapse_model': '{model}', **{entry}}})"
                yield f"session.set_connection_values(session.get_connections(n, n, '{model}', None), {entry})"
            yield f"session.set_defaults('{model}', {entry})"


def _large() -> Iterator[str]:
    """What a request just holds, and what none does."""
    for text in ("'x' * 10**7", "'x' * 2 * 10**7"):
        for verb in ("get_defaults", "set_defaults", "copy_model", "get_connections"):
            right = VERBS[verb]
            yield from (_call(verb, right, place, text) for place in range(len(right)))
        for spec in (f"{{'rule': {text}}}", f"{{{text}: 1}}", f"{{'rule': 'one_to_one', 'p': {text}}}"):
            yield f"session.connect(n, n, {spec}, [{{}}])"
        yield f"session.kernel_status([{text}])"
        yield f"session.set_kernel_status({{'rng_type': {text}}})"
    for numbers in ("np.zeros((1000, 1000))", "np.zeros((2000, 2000))", "list(range(200000))", "['x'] * 1000000"):
        yield f"session.create('iaf_psc_alpha', 2, {{'V_m': {numbers}}})"
        yield f"session.set_node_values(train, {{'spike_times': {numbers}}})"
        yield f"session.connect(n, n, {{'rule': 'one_to_one'}}, [{{'weight': {numbers}}}])"
        yield f"session.test_mask({{'circular': {{'radius': 1.0}}}}, {numbers})"


def _keys_of_rule(rule: str, key: str | None) -> Iterator[str]:
    for name in filter(None, (key, "allow_autapses", "allow_multapses", "make_symmetric", "rule", "mask")):
        for value in WRONG_VALUES:
            yield f"session.connect(n, n, {{'rule': '{rule}', '{name}': {value}}}, [{{}}])"


def _settings() -> Iterator[str]:
    for key in (
        *SETTINGS,
        "min_delay",
        "max_delay",
        "tics_per_ms",
        "data_path",
        "update_time_limit",
        "wfr_tol",
        "structural_plasticity",
        "structural_plasticity_synapses",
        "structural_plasticity_threads",
        "structural_plasticity_rules",
        "structural_plasticity_update_interval",
    ):
        for value in WRONG_VALUES:
            yield f"session.set_kernel_status({{'{key}': {value}}})"
    for value in WRONG_VALUES:
        yield f"session.set_kernel_status({{'min_delay': {value}, 'max_delay': {value}}})"
        yield f"session.set_kernel_status({{'resolution': 0.1, 'tics_per_ms': {value}}})"
