"""Writes the small SONATA circuit that lies next to this file; deterministic. Run it again after changing it.

Twelve cells of three types (two models, one type with parameters per cell) and four spike sources. One edge file gives
weights and delays to each edge, the other leaves them to the edge types, one of which is plastic.
"""

import json
from pathlib import Path

import h5py
import numpy as np

FOLDER = Path(__file__).parent
N_CELLS, N_SOURCES = 12, 4


def write_json(name, content):
    (FOLDER / name).write_text(json.dumps(content, indent=2) + "\n")


def write_configurations():
    files = [("cells_nodes.h5", "cells_node_types.csv"), ("sources_nodes.h5", "sources_node_types.csv")]
    edges = [
        ("cells_cells_edges.h5", "cells_cells_edge_types.csv"),
        ("sources_cells_edges.h5", "sources_cells_edge_types.csv"),
    ]
    network = {
        "nodes": [{"nodes_file": f"$NETWORK/{h5}", "node_types_file": f"$NETWORK/{csv}"} for h5, csv in files],
        "edges": [{"edges_file": f"$NETWORK/{h5}", "edge_types_file": f"$NETWORK/{csv}"} for h5, csv in edges]
        + [{"edges_file": "$NETWORK/nothing.h5", "edge_types_file": "$NETWORK/nothing.csv", "enabled": False}],
    }
    write_json(
        "circuit.json",
        {
            "manifest": {"$BASE": "${configdir}", "$NETWORK": "$BASE"},
            "components": {"point_neuron_models_dir": "$BASE/models", "synaptic_models_dir": "$BASE/models"},
            "networks": network,
            "target_simulator": "NEST",
        },
    )
    write_json(
        "simulation.json",
        {
            "manifest": {"$INPUTS": "."},
            "run": {"tstop": 100.0, "dt": 0.1},
            "target_simulator": "NEST",
            "inputs": {
                "trains": {
                    "input_type": "spikes",
                    "module": "h5",
                    "input_file": "$INPUTS/spikes.h5",
                    "node_set": "sources",
                }
            },
        },
    )


def write_types():
    (FOLDER / "cells_node_types.csv").write_text(
        "node_type_id model_type model_template dynamics_params\n"
        "7 point_neuron nest:iaf_psc_alpha fast.json\n"
        "8 point_neuron nest:iaf_psc_exp NULL\n"
        "9 point_neuron nest:iaf_psc_alpha slow.json\n"
    )
    (FOLDER / "sources_node_types.csv").write_text("node_type_id model_type\n1 virtual\n")
    (FOLDER / "cells_cells_edge_types.csv").write_text(
        "edge_type_id model_template delay dynamics_params\n1 static_synapse 1.5 NULL\n2 static_synapse 2.0 NULL\n"
    )
    (FOLDER / "sources_cells_edge_types.csv").write_text(
        "edge_type_id model_template syn_weight delay dynamics_params\n"
        "5 static_synapse 900.0 1.0 NULL\n6 static_synapse 1200.0 2.5 NULL\n7 stdp_synapse 1000.0 1.0 plastic.json\n"
    )
    (FOLDER / "models").mkdir(exist_ok=True)
    write_json("models/fast.json", {"tau_m": 8.0, "t_ref": 1.0})
    write_json("models/slow.json", {"tau_m": 20.0})
    write_json("models/plastic.json", {"Wmax": 5000.0, "lambda": 0.05})


def write_nodes():
    with h5py.File(FOLDER / "cells_nodes.h5", "w") as file:
        cells = file.create_group("nodes/cells")
        order = np.array([3, 1, 2, 0, 4, 5, 6, 7, 8, 9, 11, 10])  # rows need not be in order of id
        types = np.array([7] * 5 + [8] * 3 + [9] * 4)
        cells["node_id"], cells["node_type_id"] = order, types[order]
        cells["node_group_id"] = (order >= 8).astype(np.uint32)
        cells["node_group_index"] = np.where(order >= 8, order - 8, order).astype(np.uint64)
        cells.create_group("0")
        cells["1/dynamics_params/V_th"] = np.array([-56.0, -57.0, -58.0, -59.0])
    with h5py.File(FOLDER / "sources_nodes.h5", "w") as file:
        file["nodes/sources/node_type_id"] = np.ones(N_SOURCES, int)
        file.create_group("nodes/sources/0")


def write_edges():
    draw = np.random.RandomState(1)
    sources, targets = draw.randint(N_CELLS, size=60), draw.randint(N_CELLS, size=60)
    write_edge_file("cells_cells_edges.h5", "cells", sources, targets, 1 + np.arange(60) % 2)
    with h5py.File(FOLDER / "cells_cells_edges.h5", "a") as file:
        edges = file["edges/cells_to_cells"]
        edges["edge_group_index"] = np.arange(60)[::-1]
        edges["0/syn_weight"] = np.round(draw.normal(100.0, 60.0, 60), 2)
        edges["0/delay"] = np.round(draw.uniform(1.0, 3.0, 60), 1)
    sources, targets = np.repeat(np.arange(N_SOURCES), N_CELLS), np.tile(np.arange(N_CELLS), N_SOURCES)
    write_edge_file("sources_cells_edges.h5", "sources", sources, targets, 5 + (sources + targets) % 3)


def write_edge_file(name, source_population, sources, targets, types):
    with h5py.File(FOLDER / name, "w") as file:
        edges = file.create_group(f"edges/{source_population}_to_cells")
        for key, ids, population in (("source", sources, source_population), ("target", targets, "cells")):
            edges[f"{key}_node_id"] = ids
            edges[f"{key}_node_id"].attrs["node_population"] = population
        edges["edge_type_id"] = types
        edges["edge_group_id"] = np.zeros(len(types), np.uint16)
        edges.create_group("0")


def write_spikes():
    draw = np.random.RandomState(2)
    ids = draw.randint(N_SOURCES, size=40)
    with h5py.File(FOLDER / "spikes.h5", "w") as file:
        file["spikes/sources/node_ids"] = ids
        file["spikes/sources/timestamps"] = np.round(draw.uniform(1.0, 95.0, 40), 3)  # most lie off the grid


if __name__ == "__main__":
    write_configurations()
    write_types()
    write_nodes()
    write_edges()
    write_spikes()
