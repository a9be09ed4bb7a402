"""What the verbs of this package ask of a session: one method per request of the kernel's protocol.

`_volley.Session` has these methods; so does the stand-in of the tests. Values are PyNEST's (see `from_python.hpp`); errors
are raised as the classes of `NESTErrors` or Python's own. Times are in ms.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from .node_collection import NodeCollection
    from .parameters import Parameter
    from .synapse_collection import SynapseCollection

Entries = dict[str, Any]
Report = Callable[[float, float, float, float], None]


class low_level_session(Protocol):
    """A session with one kernel."""

    @property
    def generation(self) -> int:
        """Counts the kernel's resets; collections of an earlier generation are stale."""

    def create(self, model: str, count: int, params: Entries | list[Entries] | None) -> "NodeCollection":
        """`count` nodes; columns in `params` are spread over them."""

    def describe_nodes(self, nodes: "NodeCollection") -> list[Entries]:
        """Runs of one model: {first, last, step, model, model_id}."""

    def node_values(self, nodes: "NodeCollection", keys: list[str]) -> Entries:
        """Per key (none: all) a column or list with one entry a node, None where a node lacks the key."""

    def set_node_values(self, nodes: "NodeCollection", values: Entries | list[Entries]) -> None:
        """One dictionary for all, or one a node."""

    def match_nodes(self, properties: Entries) -> "NodeCollection":
        """Nodes whose values equal every entry."""

    def connect(self, sources: "NodeCollection", targets: "NodeCollection", rule: Entries, synapses: list[Entries]) -> None:
        """`rule` has the key "rule"; several synapses are collocated."""

    def connect_arrays(self, sources: np.ndarray, targets: np.ndarray, synapse: Entries) -> None:
        """One connection an entry of the int64 columns."""

    def disconnect(self, sources: "NodeCollection", targets: "NodeCollection", rule: Entries, synapse: Entries) -> None:
        """One connection a pair."""

    def disconnect_connections(self, connections: "SynapseCollection") -> None:
        """Exactly these."""

    def get_connections(
        self, source: "NodeCollection | None", target: "NodeCollection | None", model: str | None, label: int | None
    ) -> "SynapseCollection":
        """None: any."""

    def connection_values(self, connections: "SynapseCollection", keys: list[str]) -> Entries:
        """As `node_values`."""

    def set_connection_values(self, connections: "SynapseCollection", values: Entries | list[Entries]) -> None:
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

    def prepare(self) -> None:
        """See `Prepare`."""

    def cleanup(self) -> None:
        """See `Cleanup`."""

    def run(self, duration_ms: float, report: Report | None) -> None:
        """`report(began_ms, now_ms, end_ms, wall_s)` is called while it runs."""

    def simulate(self, duration_ms: float, report: Report | None) -> None:
        """As `run`, with prepare and cleanup."""

    def evaluate(self, parameter: "Parameter", nodes: "NodeCollection | None") -> float | np.ndarray:
        """One draw, or one a node."""
