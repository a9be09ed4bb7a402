"""SonataNetwork: builds and simulates a network that SONATA files describe."""

from importlib import import_module
from os import PathLike
from typing import Any

from ..kernel import SetKernelStatus
from ..node_collection import NodeCollection
from ..simulation import Simulate
from .configuration import read_configuration
from .edge_files import checked_edges, connect
from .node_files import read_nodes
from .reports import make_recorders

_DEFAULT_PART = 2**20


class SonataNetwork:
    """A network of point neurons and virtual inputs. Making it reads the configuration and sets the resolution.

    config, sim_config: paths of the circuit's and the simulation's JSON file.
    Errors: ModuleNotFoundError (h5py, pandas), TypeError (not a path), KeyError and ValueError (what the files lack).
    """

    def __init__(self, config: str | PathLike, sim_config: str | PathLike | None = None):
        for module in ("h5py", "pandas"):
            import_module(module)
        self._config = read_configuration(config, sim_config)
        self._node_collections: dict[str, NodeCollection] = {}
        self._connected = False
        simulator = self._config["target_simulator"]
        if simulator != "NEST":
            raise ValueError(f"The configuration's target_simulator is '{simulator}', not 'NEST'.")
        if "dt" not in self._config.get("run", {}):
            raise ValueError("The configuration's run section has no 'dt', the resolution in ms.")
        SetKernelStatus({"resolution": self._config["run"]["dt"]})

    @property
    def node_collections(self) -> dict[str, NodeCollection]:
        """The nodes by population; empty before `Create`."""
        return self._node_collections

    @property
    def config(self) -> dict[str, Any]:
        """The configuration as it was merged."""
        return self._config

    def Create(self) -> dict[str, NodeCollection]:
        """Makes the nodes and returns them by population."""
        self._node_collections = {name: nodes.create() for name, nodes in read_nodes(self._config).items()}
        return self._node_collections

    def Connect(self, hdf5_hyperslab_size: int | None = None) -> None:
        """Makes the connections, reading `hdf5_hyperslab_size` edges at a time (default 2**20)."""
        size = _part_size(hdf5_hyperslab_size)
        if not self._node_collections:
            raise RuntimeError("Connect: the nodes must be made first, with Create().")
        with checked_edges(self._config, self._node_collections, size) as edges:
            connect(edges, self._node_collections)
        self._connected = True

    def BuildNetwork(self, hdf5_hyperslab_size: int | None = None) -> dict[str, NodeCollection]:
        """`Create` and `Connect`, all files being checked before a node is made; returns the nodes by population."""
        size = _part_size(hdf5_hyperslab_size)
        populations = read_nodes(self._config)
        with checked_edges(self._config, populations, size) as edges:
            self._node_collections = {name: nodes.create() for name, nodes in populations.items()}
            connect(edges, self._node_collections)
        self._connected = True
        return self._node_collections

    def Record(self) -> dict[str, NodeCollection]:
        """Makes the recorders that the `output` and `reports` sections ask for, which write SONATA files.

        Returns them by name: "spikes", and the names of the reports. NEST has no such thing: without this call, these
        sections count for nothing.
        Errors: RuntimeError before `Create`, ValueError, KeyError.
        """
        if not self._node_collections:
            raise RuntimeError("Record: the nodes must be made first, with Create().")
        return make_recorders(self._config, self._node_collections)

    def Simulate(self) -> None:
        """Simulates for the time that the run section gives as tstop or duration, in ms."""
        run = self._config["run"]
        if "tstop" not in run and "duration" not in run:
            raise ValueError("Simulate: the configuration's run section has neither 'tstop' nor 'duration'.")
        if not self._connected:
            raise RuntimeError("Simulate: the network must be built first, with BuildNetwork().")
        Simulate(run["tstop"] if "tstop" in run else run["duration"])


def _part_size(given: Any) -> int:
    size = _DEFAULT_PART if given is None else given
    if not isinstance(size, int) or isinstance(size, bool):
        raise TypeError(f"Connect: hdf5_hyperslab_size must be an integer, not {type(size).__name__}.")
    if size <= 0:
        raise ValueError(f"Connect: hdf5_hyperslab_size must be greater than 0, not {size}.")
    return size
