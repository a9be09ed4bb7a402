"""What the verbs of this package ask of a session: one method per request of the kernel's protocol.

`_volley.Session` has these methods; so does the stand-in of the tests. Values are PyNEST's (see `from_python.hpp`);
errors are raised as the classes of `NESTErrors` or Python's own. Times are in ms.
"""

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np

from .id_ranges import id_ranges

Entries = dict[str, Any]
Report = Callable[[float, float, float, float], None]


@runtime_checkable
class node_handle(Protocol):
    """A NodeCollection, as the extension reads it."""

    _generation: int
    _ids: id_ranges

    def __len__(self) -> int:
        ...

    def tolist(self) -> list[int]:
        ...


class synapse_handle(Protocol):
    """A SynapseCollection, as the extension reads it: int64 columns of equal length."""

    _generation: int
    _sources: np.ndarray
    _targets: np.ndarray
    _models: np.ndarray
    _ports: np.ndarray


class parameter_handle(Protocol):
    """A Parameter, as the extension reads it: ((operation, (argument, ...), (number, ...)), ...)."""

    @property
    def terms(self) -> tuple[tuple[str, tuple[int, ...], tuple[float, ...]], ...]:
        ...


class low_level_session(Protocol):
    """A session with one kernel."""

    @property
    def generation(self) -> int:
        """Counts the kernel's resets; collections of an earlier generation are stale."""

    def create(
        self, model: str, count: int, params: Entries | list[Entries] | None, positions: Entries | None = None
    ) -> Any:
        """A NodeCollection of `count` nodes; columns in `params` are spread over them.

        positions: {"shape", ...} or {"positions", ...}.
        """

    def describe_nodes(self, nodes: node_handle) -> list[Entries]:
        """Runs of one model: {first, last, step, model, model_id}."""

    def node_values(
        self, nodes: node_handle, keys: list[str], events_after_ms: float = -1.0, most_events: int = 2**64 - 1
    ) -> Entries:
        """Per key (none: all) a column or list with one entry a node, None where a node lacks the key.

        Of a recorder's events, those later than a time; of these the first so many, with all that have the last one's
        time.
        """

    def set_node_values(self, nodes: node_handle, values: Entries | list[Entries]) -> None:
        """One dictionary for all, or one a node."""

    def match_nodes(self, properties: Entries) -> Any:
        """A NodeCollection of the nodes whose values equal every entry."""

    def connect(self, sources: node_handle, targets: node_handle, rule: Entries, synapses: list[Entries]) -> None:
        """`rule` has the key "rule"; several synapses are collocated."""

    def tripartite_connect(
        self,
        sources: node_handle,
        targets: node_handle,
        third: node_handle,
        rule: Entries,
        third_rule: Entries,
        primary: list[Entries],
        third_in: list[Entries],
        third_out: list[Entries],
    ) -> None:
        """Both rules have the key "rule"; several synapses of one part are collocated."""

    def connect_arrays(
        self, sources: np.ndarray, targets: np.ndarray, synapse: Entries, of_rank: bool = False
    ) -> None:
        """One connection an entry of the int64 columns.

        of_rank: those that end on this rank. All ranks call it, each with its own, and with the same single values.
        """

    def disconnect(self, sources: node_handle, targets: node_handle, rule: Entries, synapse: Entries) -> None:
        """One connection a pair."""

    def disconnect_connections(self, connections: synapse_handle) -> None:
        """Exactly these."""

    def get_connections(
        self, source: node_handle | None, target: node_handle | None, model: str | None, label: int | None
    ) -> Any:
        """A SynapseCollection; None: any."""

    def connection_values(self, connections: synapse_handle, keys: list[str]) -> Entries:
        """As `node_values`."""

    def set_connection_values(self, connections: synapse_handle, values: Entries | list[Entries]) -> None:
        """Single values or columns, or one dictionary a connection."""

    def get_defaults(self, model: str) -> Entries:
        """All defaults of a model or backend."""

    def set_defaults(self, model: str, values: Entries) -> None:
        """Defaults of a model."""

    def copy_model(self, existing: str, copy: str, values: Entries) -> None:
        """A model under a new name."""

    def kernel_status(self, keys: list[str]) -> Entries:
        """The entries named; all for no keys."""

    def set_kernel_status(self, values: Entries) -> None:
        """All or none."""

    def reset_kernel(self) -> None:
        """An empty network; the generation grows."""

    def save(self, path: str) -> None:
        """See `Save`."""

    def load(self, path: str) -> None:
        """See `Load`; the generation grows."""

    def describe_saved(self, path: str) -> Entries:
        """See `DescribeSaved`."""

    def rescale(self, vps: int) -> None:
        """See `rescale`."""

    def drain(self, worker: int) -> None:
        """The virtual processes of a worker go to others; then it ends. It returns when that has begun."""

    def list_kernels(self) -> list[Entries]:
        """See `kernels`."""

    def drop_kernel(self, name: str) -> None:
        """See `drop_kernel`."""

    def prepare(self) -> None:
        """See `Prepare`."""

    def cleanup(self) -> None:
        """See `Cleanup`."""

    def run(self, duration_ms: float, report: Report | None) -> None:
        """`report(began_ms, now_ms, end_ms, wall_s)` is called while it runs."""

    def simulate(self, duration_ms: float, report: Report | None) -> None:
        """As `run`, with prepare and cleanup."""

    def cancel(self) -> None:
        """Ends the running job, if any, at the next interval's end, with its data; called by another thread."""

    def evaluate(
        self, parameter: parameter_handle, nodes: node_handle | None, targets: np.ndarray | None = None
    ) -> Any:
        """One draw, or one a node, or one for the only node and each target (rows of coordinates)."""

    def describe_space(self, nodes: node_handle) -> Any:
        """A dictionary: the layer of the nodes; None where there is none."""

    def get_positions(self, nodes: node_handle) -> np.ndarray:
        """A row a node."""

    def displace(self, start: node_handle | np.ndarray, end: node_handle, distances: bool) -> np.ndarray:
        """Rows, or distances, from nodes or points (rows) to nodes."""

    def find_nearest(self, layer: node_handle, locations: np.ndarray | None, find_all: bool) -> Any:
        """An id a location (rows; None: the middle of the layer), or a list of columns with all that are as near."""

    def select_by_mask(self, layer: node_handle, anchor: np.ndarray, mask: Entries) -> Any:
        """A NodeCollection of the nodes inside of a mask at a place."""

    def test_mask(self, mask: Entries, points: np.ndarray | None) -> Any:
        """An array: which points (rows) are inside; None: only whether it is a mask."""
