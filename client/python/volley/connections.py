"""Functions that make, remove and find connections: Connect, TripartiteConnect, Disconnect, GetConnections."""

from typing import Any

import numpy as np

from .connect_arguments import (
    CollocatedSynapses,
    arrays_of_lists,
    check_synapse_model,
    id_column,
    is_list,
    rule_dictionary,
    strictly_ascending,
    synapse_dictionaries,
)
from .connection_lists import has_sparse, is_table, sparse_connections, table_connections
from .errors import NESTErrors
from .node_collection import NodeCollection
from .session import session
from .synapse_collection import SynapseCollection

__all__ = ["CollocatedSynapses", "Connect", "Disconnect", "GetConnections", "TripartiteConnect"]


def Connect(
    pre: Any, post: Any = None, conn_spec: Any = None, syn_spec: Any = None, return_synapsecollection: bool = False
) -> SynapseCollection | None:
    """Connects `pre` to `post`.

    pre, post: NodeCollections, or sequences of ids; ids that repeat, or one_to_one with arrays, are connected one by
    one.
    conn_spec: None (all_to_all), a rule's name, or a dictionary with "rule" and its parameters.
    syn_spec: None (static_synapse), a model's name, a dictionary (numbers, Parameters, or arrays of the rule's shape),
    or CollocatedSynapses. Returns the connections between the populations if `return_synapsecollection`, else None.

    Connections can be listed as well. A sparse matrix of scipy as a value of syn_spec, with a row for each target and a
    column for each source, connects the pairs whose entries it stores. A table of pandas as `pre`, alone or with
    syn_spec, has a row a connection: columns `source`, `target`, and parameters (`to_pandas()` of connections makes
    one).

    Errors: IllegalConnection, UnknownSynapseType, BadDelay, BadProperty, DimensionMismatch, TypeError, ValueError,
    KeyError. A call that fails makes no connections.
    """
    return_synapsecollection = bool(return_synapsecollection)  # before anything is connected
    if is_table(pre):
        _refuse_return(return_synapsecollection)
        _connect_listed(*table_connections(pre, post, conn_spec, syn_spec))
        return None
    rule = rule_dictionary(conn_spec)
    synapses = synapse_dictionaries(syn_spec)
    pre, post = _members("pre", pre), _members("post", post)
    if len(synapses) == 1 and has_sparse(synapses[0]):
        ends = (_population(pre), _population(post)) if return_synapsecollection else None
        _connect_listed(*sparse_connections(np.asarray(pre), np.asarray(post), rule, synapses[0]))
        return _connections_between(*ends, synapses) if ends else None
    if _one_by_one(pre, post, rule, synapses):
        _connect_arrays(pre, post, rule, synapses, return_synapsecollection)
        return None
    sources, targets = _population(pre), _population(post)
    if not sources or not targets:
        raise NESTErrors.IllegalConnection("Creation of connection is not possible: a population has no nodes.")
    session().connect(sources, targets, rule, [arrays_of_lists(spec) for spec in synapses])
    if return_synapsecollection:
        return _connections_between(sources, targets, synapses)
    return None


def TripartiteConnect(
    pre: NodeCollection,
    post: NodeCollection,
    third: NodeCollection,
    conn_spec: Any,
    third_factor_conn_spec: Any,
    syn_specs: dict[str, Any] | None = None,
) -> None:
    """Connects `pre` to `post`, and nodes of `third` with those that take part in a connection.

    conn_spec: as for Connect, without make_symmetric.
    third_factor_conn_spec: the rule third_factor_bernoulli_with_pool, by name or in a dictionary with `p` (1.0: chance
    that a connection has a third factor), `pool_size` (the size of `third`) and `pool_type` ("random": each target
    draws its pool; "block": pools are neighbouring nodes, target by target). A connection with a third factor draws it
    from its target's pool and makes two more: from the source to that node, and from that node to the target.
    syn_specs: a dictionary with any of "primary", "third_in" (source to third) and "third_out" (third to target), each
    as syn_spec of Connect, without arrays; static_synapse where it is missing.
    Errors: those of Connect; ValueError (another key, an array), BadProperty (a pool that is not there, blocks that do
    not fit), IllegalConnection (another rule for third factors). A call that fails makes no connections.
    """
    for name, nodes in (("pre", pre), ("post", post), ("third", third)):
        if not isinstance(nodes, NodeCollection):
            raise TypeError(f"TripartiteConnect: {name} must be a NodeCollection, not {type(nodes).__name__}.")
    specs = _tripartite_specs({} if syn_specs is None else syn_specs)
    rules = rule_dictionary(conn_spec), rule_dictionary(third_factor_conn_spec, "third_factor_conn_spec", None)
    session().tripartite_connect(pre, post, third, *rules, *specs)


def _tripartite_specs(syn_specs: dict[str, Any]) -> list[list[dict[str, Any]]]:
    parts = ("primary", "third_in", "third_out")
    if not isinstance(syn_specs, dict):
        raise TypeError(f"TripartiteConnect: syn_specs must be a dictionary, not {type(syn_specs).__name__}.")
    for key in syn_specs:
        if key not in parts:
            raise ValueError(f"TripartiteConnect: syn_specs has the keys {', '.join(parts)}, not {key!r}.")
    return [[arrays_of_lists(spec) for spec in synapse_dictionaries(syn_specs.get(part))] for part in parts]


def _members(name: str, nodes: Any) -> NodeCollection | np.ndarray:
    return nodes if isinstance(nodes, NodeCollection) else id_column(name, nodes)


def _one_by_one(pre: Any, post: Any, rule: dict[str, Any], synapses: list[dict[str, Any]]) -> bool:
    if isinstance(pre, NodeCollection) and isinstance(post, NodeCollection):
        return False
    if rule["rule"] == "one_to_one" and any(is_list(value) for spec in synapses for value in spec.values()):
        return True
    return not all(isinstance(nodes, NodeCollection) or strictly_ascending(nodes) for nodes in (pre, post))


def _population(nodes: NodeCollection | np.ndarray) -> NodeCollection:
    return nodes if isinstance(nodes, NodeCollection) else NodeCollection(nodes)


def _connect_arrays(pre: Any, post: Any, rule: dict, synapses: list[dict], return_synapsecollection: bool) -> None:
    sources, targets = np.asarray(pre), np.asarray(post)
    if rule["rule"] != "one_to_one":
        raise ValueError("Connect: ids that repeat or are not in ascending order need the rule 'one_to_one'.")
    if len(sources) != len(targets):
        raise ValueError(f"Connect: {len(sources)} sources and {len(targets)} targets cannot be paired one to one.")
    _refuse_return(return_synapsecollection)
    if len(synapses) != 1:
        raise ValueError("Connect: CollocatedSynapses cannot be used for connections given one by one.")
    if len(sources) == 0:
        raise NESTErrors.IllegalConnection("Creation of connection is not possible: a population has no nodes.")
    _connect_listed(sources, targets, synapses[0])


def _refuse_return(wanted: bool) -> None:
    if wanted:
        raise ValueError("Connect: connections given one by one cannot be returned; use GetConnections.")


def _connect_listed(sources: np.ndarray, targets: np.ndarray, spec: dict[str, Any]) -> None:
    _refuse_plurals(spec)
    if len(sources):
        session().connect_arrays(sources, targets, arrays_of_lists(spec))


def _refuse_plurals(spec: dict[str, Any]) -> None:
    for key in ("weights", "delays"):
        if key in spec:
            raise ValueError(f"Connect: the key is '{key[:-1]}', not '{key}'.")


def _connections_between(sources: NodeCollection, targets: NodeCollection, synapses: list[dict]) -> SynapseCollection:
    models = dict.fromkeys(spec["synapse_model"] for spec in synapses)
    return SynapseCollection([session().get_connections(sources, targets, model, None) for model in models])


def GetConnections(
    source: NodeCollection | None = None,
    target: NodeCollection | None = None,
    synapse_model: str | None = None,
    synapse_label: int | None = None,
) -> SynapseCollection:
    """All connections that match every filter given, ordered by synapse model and source. Labels are those of models
    whose names end in `_lbl`; -1: no label was given.

    Errors: TypeError (a filter of the wrong type), UnknownSynapseType.
    """
    for name, nodes in (("source", source), ("target", target)):
        if nodes is not None and not isinstance(nodes, NodeCollection):
            raise TypeError(f"GetConnections: {name} must be a NodeCollection, not {type(nodes).__name__}.")
    check_synapse_model("GetConnections", synapse_model)
    if synapse_label is not None and not isinstance(synapse_label, (int, np.integer)):
        raise TypeError("GetConnections: synapse_label must be an integer.")
    if synapse_label is not None and not -(2**63) <= synapse_label < 2**63:
        raise OverflowError(f"GetConnections: synapse_label = {synapse_label} has more than 64 bits.")
    if any(nodes is not None and not nodes for nodes in (source, target)):
        return SynapseCollection()
    return session().get_connections(source, target, synapse_model, synapse_label)


def Disconnect(*args: Any, conn_spec: Any = None, syn_spec: Any = None) -> None:
    """Removes connections: `Disconnect(synapse_collection)`, or `Disconnect(pre, post, conn_spec, syn_spec)` with one
    connection a pair (rules one_to_one, the default, and all_to_all): the oldest, of those with the `synapse_label` of
    syn_spec, if it has one.

    Errors: InexistentConnection, DimensionMismatch, NotImplemented (other rules), ValueError, TypeError.
    """
    if len(args) == 1 and isinstance(args[0], SynapseCollection):
        if conn_spec is not None or syn_spec is not None:
            raise ValueError("Disconnect: a SynapseCollection says all; conn_spec and syn_spec cannot be given.")
        args[0].disconnect()
        return
    if not 2 <= len(args) <= 4 or not all(isinstance(nodes, NodeCollection) for nodes in args[:2]):
        raise TypeError("Disconnect takes a SynapseCollection, or two NodeCollections with conn_spec and syn_spec.")
    rule, synapse = _removal(args[2:], conn_spec, syn_spec)
    session().disconnect(args[0], args[1], rule_dictionary(rule), synapse_dictionaries(synapse)[0])


def _removal(positional: tuple, conn_spec: Any, syn_spec: Any) -> tuple[Any, Any]:
    if (positional and conn_spec is not None) or (len(positional) == 2 and syn_spec is not None):
        raise TypeError("Disconnect: conn_spec or syn_spec is given twice.")
    rule = positional[0] if positional else conn_spec
    synapse = positional[1] if len(positional) == 2 else syn_spec
    if isinstance(synapse, CollocatedSynapses):
        raise NESTErrors.BadProperty("Disconnect removes connections of one synapse model, not CollocatedSynapses.")
    return "one_to_one" if rule is None else rule, synapse
