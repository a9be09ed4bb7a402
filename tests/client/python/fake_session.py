"""A stand-in for `_volley.Session`: the same methods over a toy network, so that the Python client is tested alone.

It keeps parameters, connections and the kernel status, checks what the kernel would check first, and simulates nothing.
`calls` lists (method, arguments) of all calls that change something.
"""

import copy

import numpy as np

from volley.errors import NESTErrors
from volley.node_collection import NodeCollection
from volley.synapse_collection import SynapseCollection

NODE_MODELS = {
    "iaf_psc_alpha": {"V_m": -70.0, "C_m": 250.0, "I_e": 0.0, "tag": "", "element_type": "neuron"},
    "parrot_neuron": {"element_type": "neuron"},
    "poisson_generator": {"rate": 0.0, "element_type": "stimulator"},
    "spike_train_injector": {"spike_times": np.empty(0), "allow_offgrid_times": False, "element_type": "stimulator"},
    "spike_recorder": {"record_to": "memory", "time_in_steps": False, "element_type": "recorder"},
    "multimeter": {"record_from": [], "record_to": "memory", "time_in_steps": False, "element_type": "recorder"},
}
SYNAPSE_MODELS = {
    "static_synapse": {"weight": 1.0, "delay": 1.0},
    "stdp_synapse": {"weight": 1.0, "delay": 1.0, "Wmax": 100.0},
}
STATUS = {
    "resolution": 0.1,
    "biological_time": 0.0,
    "rng_seed": 143202461,
    "min_delay": 0.1,
    "max_delay": 0.1,
    "network_size": 0,
    "num_connections": 0,
    "num_processes": 1,
    "mpi_rank": 0,
    "total_num_virtual_procs": 1,
    "print_time": False,
    "dict_miss_is_error": True,
    "overwrite_files": False,
    "data_path": "",
    "data_prefix": "",
    "connection_rules": ["one_to_one", "all_to_all"],
}


class fake_session:
    """See the file's head."""

    def __init__(self):
        self.generation = 1
        self.calls = []
        self._clear()

    def _clear(self):
        self.status = dict(STATUS)
        self.models = copy.deepcopy(NODE_MODELS)
        self.synapses = copy.deepcopy(SYNAPSE_MODELS)
        self.nodes = {}
        self.connections = []

    # --- nodes --------------------------------------------------------------------------------------------------

    def create(self, model, count, params):
        if model not in self.models:
            raise NESTErrors.UnknownModelName(f"'{model}' is not a known model name.")
        self.calls.append(("create", model, count, params))
        first = len(self.nodes) + 1
        made = NodeCollection._from_kernel(self.generation, [(first, first + count - 1, 1)])
        for node_id in range(first, first + count):
            self.nodes[node_id] = {
                "model": model,
                "global_id": node_id,
                "local": True,
                **copy.deepcopy(self.models[model]),
            }
        self._assign(made, params or {})
        return made

    def describe_nodes(self, nodes):
        parts = []
        for first, last, step in self._checked(nodes):
            for node_id in range(first, last + 1, step):
                model = self._node(node_id)["model"]
                end = parts[-1] if parts else None
                if end and end["model"] == model and end["last"] + step == node_id and end["step"] in (step, None):
                    end["last"] = node_id
                else:
                    parts.append({"first": node_id, "last": node_id, "step": step, "model": model})
        return parts

    def node_values(self, nodes, keys):
        members = [
            self._node(node_id) for part in self._checked(nodes) for node_id in range(part[0], part[1] + 1, part[2])
        ]
        names = keys or list(dict.fromkeys(key for member in members for key in member))
        return {
            key: [member.get(key) for member in members] for key in names if any(key in member for member in members)
        }

    def set_node_values(self, nodes, values):
        self.calls.append(("set_node_values", nodes.tolist(), values))
        self._assign(nodes, values)

    def match_nodes(self, properties):
        ids = [
            i
            for i, node in self.nodes.items()
            if all(key in node and node[key] == value for key, value in properties.items())
        ]
        return NodeCollection._from_kernel(self.generation, [(i, i, 1) for i in ids])

    def _assign(self, nodes, values):
        ids = nodes.tolist()
        per_node = values if isinstance(values, list) else [values] * len(ids)
        for i, (node_id, entries) in enumerate(zip(ids, per_node)):
            for key, value in entries.items():
                if key not in self._node(node_id):
                    raise NESTErrors.UnaccessedDictionaryEntry(f"Unaccessed entry '{key}'.")
                spread = isinstance(value, (list, np.ndarray)) and isinstance(self.nodes[node_id][key], (float, str))
                self.nodes[node_id][key] = value[i] if spread else value

    def _node(self, node_id):
        if node_id not in self.nodes:
            raise NESTErrors.UnknownNode(f"Node with id {node_id} does not exist.")
        return self.nodes[node_id]

    def _checked(self, nodes):
        if nodes._generation != self.generation:
            raise NESTErrors.KernelException("InvalidNodeCollection")
        return nodes._ids.ranges

    # --- connections --------------------------------------------------------------------------------------------

    def connect(self, sources, targets, rule, synapses):
        self.calls.append(("connect", sources.tolist(), targets.tolist(), rule, synapses))
        pairs = zip(sources.tolist(), targets.tolist())
        if rule["rule"] == "all_to_all":
            pairs = [(source, target) for target in targets.tolist() for source in sources.tolist()]
        for source, target in pairs:
            for synapse in synapses:
                self._add(source, target, synapse)

    def tripartite_connect(self, sources, targets, third, rule, third_rule, primary, third_in, third_out):
        ends = [nodes.tolist() for nodes in (sources, targets, third)]
        self.calls.append(("tripartite_connect", *ends, rule, third_rule, primary, third_in, third_out))

    def connect_arrays(self, sources, targets, synapse, of_rank=False):
        self.calls.append(("connect_arrays", sources.tolist(), targets.tolist(), synapse))
        for i, (source, target) in enumerate(zip(sources.tolist(), targets.tolist())):
            one = {key: value[i].item() if isinstance(value, np.ndarray) else value for key, value in synapse.items()}
            self._add(source, target, one)

    def _add(self, source, target, synapse):
        model = synapse["synapse_model"]
        if model not in self.synapses:
            raise NESTErrors.UnknownSynapseType(f"'{model}' is not a known synapse model.")
        port = sum(
            1 for c in self.connections if (c["source"], c["target"], c["synapse_model"]) == (source, target, model)
        )
        self.connections.append({"source": source, "target": target, "port": port, **self.synapses[model], **synapse})

    def disconnect(self, sources, targets, rule, synapse):
        self.calls.append(("disconnect", sources.tolist(), targets.tolist(), rule, synapse))

    def disconnect_connections(self, connections):
        for row in self._find(connections):
            self.connections.remove(row)

    def get_connections(self, source, target, model, label):
        if model is not None and model not in self.synapses:
            raise NESTErrors.UnknownSynapseType(f"'{model}' is not a known synapse model.")
        rows = [
            c
            for c in self.connections
            if (source is None or c["source"] in source)
            and (target is None or c["target"] in target)
            and (model is None or c["synapse_model"] == model)
        ]
        names = list(self.synapses)
        table = [(c["source"], c["target"], names.index(c["synapse_model"]), c["port"]) for c in rows]
        return SynapseCollection._from_kernel(self.generation, *np.array(table, np.int64).reshape(-1, 4).T)

    def _find(self, connections):
        names = list(self.synapses)
        wanted = zip(connections._sources, connections._targets, connections._models, connections._ports)
        found = []
        for key in wanted:
            rows = [
                c
                for c in self.connections
                if (c["source"], c["target"], names.index(c["synapse_model"]), c["port"]) == key
            ]
            if not rows:
                raise NESTErrors.InexistentConnection(f"There is no connection {key}.")
            found += rows
        return found

    def connection_values(self, connections, keys):
        rows = self._find(connections)
        known = dict.fromkeys(key for row in rows for key in row)
        for key in keys:
            if key not in known:
                raise KeyError(f"get: '{key}' is no key of these connections")
        return {key: [row.get(key) for row in rows] for key in keys or known}

    def set_connection_values(self, connections, values):
        self.calls.append(("set_connection_values", values))
        for i, row in enumerate(self._find(connections)):
            entries = values[i] if isinstance(values, list) else values
            row.update(
                {key: value[i] if isinstance(value, (list, np.ndarray)) else value for key, value in entries.items()}
            )

    # --- models, status, runs -----------------------------------------------------------------------------------

    def get_defaults(self, model):
        models = {**self.models, **self.synapses}
        if model not in models:
            raise NESTErrors.UnknownComponent(f"'{model}' is not known.")
        return {**models[model], "type_id": model}

    def set_defaults(self, model, values):
        self.calls.append(("set_defaults", model, values))
        (self.models if model in self.models else self.synapses)[model].update(values)

    def copy_model(self, existing, new, values):
        kind = self.models if existing in self.models else self.synapses
        kind[new] = {**kind[existing], **values}

    def kernel_status(self, keys):
        full = {**self.status, "network_size": len(self.nodes), "num_connections": len(self.connections)}
        full |= {"node_models": sorted(self.models), "synapse_models": sorted(self.synapses)}
        return {key: full[key] for key in keys} if keys else full

    def set_kernel_status(self, values):
        self.calls.append(("set_kernel_status", values))
        self.status.update(values)

    def reset_kernel(self):
        self.generation += 1
        self._clear()

    def save(self, path):
        self.calls.append(("save", path))

    def load(self, path):
        self.generation += 1
        self.calls.append(("load", path))

    def describe_saved(self, path):
        return {"network_size": 0}

    def rescale(self, vps):
        self.calls.append(("rescale", vps))

    def drain(self, worker):
        self.calls.append(("drain", worker))

    def list_kernels(self):
        return [{"name": "default", "here": True}]

    def drop_kernel(self, name):
        self.calls.append(("drop_kernel", name))

    def prepare(self):
        self.calls.append(("prepare",))

    def cleanup(self):
        self.calls.append(("cleanup",))

    def run(self, t_ms, report):
        self.calls.append(("run", t_ms))
        if report:
            report(0.0, t_ms, t_ms, 0.5)
        self.status["biological_time"] += t_ms

    simulate = run

    def cancel(self):
        """Nothing runs for long here."""

    # All nodes lie at the origin of a plane without a mask.
    def describe_space(self, nodes):
        return None

    def get_positions(self, nodes):
        return np.zeros((len(nodes), 2))

    def displace(self, start, end, distances):
        return np.zeros(len(end)) if distances else np.zeros((len(end), 2))

    def find_nearest(self, layer, locations, find_all):
        self.calls.append(("find_nearest", find_all))
        return [1]

    def select_by_mask(self, layer, anchor, mask):
        self.calls.append(("select_by_mask", mask))
        return layer

    def test_mask(self, mask, points):
        self.calls.append(("test_mask", mask))

    def evaluate(self, parameter, nodes, targets):
        self.calls.append(("evaluate", parameter.terms))
        return 0.5 if nodes is None else np.full(len(nodes), 0.5)
