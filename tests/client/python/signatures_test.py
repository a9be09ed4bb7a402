"""The functions and classes of PyNEST's interface, as they are called: names of arguments, their order, defaults."""

import ast
import inspect
import os

import pytest

os.environ["PYNEST_QUIET"] = "1"

import nest

SIGNATURES = """
Connect(pre, post, conn_spec=None, syn_spec=None, return_synapsecollection=False)
TripartiteConnect(pre, post, third, conn_spec, third_factor_conn_spec, syn_specs=None)
Disconnect(*args, conn_spec=None, syn_spec=None)
GetConnections(source=None, target=None, synapse_model=None, synapse_label=None)
authors()
get_argv()
GetStatus(nodes_or_conns, keys=None, output="")
get_verbosity()
help(obj=None, return_text=False)
helpdesk()
message(message, severity=nest.VerbosityLevel.INFO, *, function=None, filename=None, lineno=None)
SetStatus(nodes_or_conns, params, val=None)
set_verbosity(level)
sysinfo()
ConnectionRules()
CopyModel(existing, new, params=None)
GetDefaults(model, keys=None, output="")
Models(mtype="all", sel=None)
SetDefaults(model, params, val=None)
Create(model, n=1, params=None, positions=None)
GetLocalNodeCollection(nc)
GetNodes(properties={}, local_only=False)
PrintNodes()
NumProcesses()
Rank()
GetLocalVPs()
SetAcceptableLatency(port_name, latency)
SetMaxBuffered(port_name, size)
SyncProcesses()
Cleanup()
DisableStructuralPlasticity()
EnableStructuralPlasticity()
GetKernelStatus(keys=None)
Install(module_name)
Prepare()
ResetKernel()
Run(t)
RunManager()
SetKernelStatus(params)
Simulate(t)
SonataNetwork(config, sim_config=None)
CreateMask(masktype, specs, anchor=None)
Displacement(from_arg, to_arg)
Distance(from_arg, to_arg)
DumpLayerConnections(source_layer, target_layer, synapse_model, outname)
DumpLayerNodes(layer, outname)
FindCenterElement(layer)
FindNearestElement(layer, locations, find_all=False)
GetPosition(nodes)
GetTargetNodes(sources, tgt_layer, syn_model=None)
GetSourceNodes(src_layer, targets, syn_model=None)
GetTargetPositions(sources, tgt_layer, syn_model=None)
GetSourcePositions(src_layer, targets, syn_model=None)
PlotLayer(layer, fig=None, nodecolor="b", nodesize=20)
PlotProbabilityParameter(source, parameter=None, mask=None, edges=[-0.5, 0.5, -0.5, 0.5], shape=[100, 100], ax=None, \
prob_cmap="Greens", mask_color="yellow")
PlotTargets(src_nrn, tgt_layer, syn_type=None, fig=None, mask=None, probability_parameter=None, src_color="red", \
src_size=50, tgt_color="blue", tgt_size=20, mask_color="yellow", probability_cmap="Greens")
PlotSources(src_layer, tgt_nrn, syn_type=None, fig=None, mask=None, probability_parameter=None, tgt_color="red", \
tgt_size=50, src_color="blue", src_size=20, mask_color="yellow", probability_cmap="Greens")
SelectNodesByMask(layer, anchor, mask_obj)
CollocatedSynapses(*args)
Compartments(node_collection, elements)
CreateParameter(parametertype, specs)
Mask(datum)
NodeCollection(data=None)
Parameter(datum)
Receptors(node_collection, elements)
serialize_data(data)
SynapseCollection(data)
to_json(data, **kwargs)
logic.conditional(condition, param_if_true, param_if_false)
math.exp(parameter)
math.sin(parameter)
math.cos(parameter)
math.min(parameter, value)
math.max(parameter, value)
math.redraw(parameter, min, max)
random.exponential(beta=1.0)
random.lognormal(mean=0.0, std=1.0)
random.normal(mean=0.0, std=1.0)
random.uniform(min=0.0, max=1.0)
random.uniform_int(max)
raster_plot.extract_events(data, time=None, sel=None)
raster_plot.from_data(data, sel=None, **kwargs)
raster_plot.from_device(detec, **kwargs)
raster_plot.from_file(fname, **kwargs)
raster_plot.from_file_numpy(fname, **kwargs)
raster_plot.from_file_pandas(fname, **kwargs)
server.do_exec(args, kwargs)
server.set_mpi_comm(comm)
server.run_mpi_app(host="127.0.0.1", port=52425)
server.nestify(call_name, args, kwargs)
spatial.grid(shape, center=None, extent=None, edge_wrap=False)
spatial.free(pos, extent=None, edge_wrap=False, num_dimensions=None)
spatial.pos.n(dimension)
spatial.source_pos.n(dimension)
spatial.target_pos.n(dimension)
spatial.distance.n(dimension)
spatial_distributions.exponential(x, beta=1.0)
spatial_distributions.gaussian(x, mean=0.0, std=1.0)
spatial_distributions.gaussian2D(x, y, mean_x=0.0, mean_y=0.0, std_x=1.0, std_y=1.0, rho=0.0)
spatial_distributions.gamma(x, kappa=1.0, theta=1.0)
spatial_distributions.gabor(x, y, theta=0.0, gamma=1.0, std=1.0, lam=1.0, psi=0.0)
visualization.plot_network(nodes, filename, ext_conns=False, plot_modelnames=False)
voltage_trace.from_device(detec, neurons=None, title=None, grayscale=False, timeunit="ms")
voltage_trace.from_file(fname, title=None, grayscale=False)
set(**kwargs)
get(*args)
""".strip().splitlines()


def expected(signature):
    """(dotted name, its parameters) of a line."""
    name, arguments = signature.split("(", 1)
    function = ast.parse(f"def f({arguments}: pass")
    names = {"nest": nest}
    exec(compile(function, "<signature>", "exec"), names)
    return name, list(inspect.signature(names["f"]).parameters.values())


@pytest.mark.parametrize("line", SIGNATURES, ids=lambda line: line.split("(")[0])
def test_a_function_is_called_as_in_pynest(line):
    name, wanted = expected(line)
    there = nest
    for part in name.split("."):
        there = getattr(there, part)
    any_number = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    given = list(inspect.signature(there).parameters.values())
    assert {p.kind for p in wanted} & set(any_number) <= {q.kind for q in given}
    wanted, given = ([p for p in side if p.kind not in any_number] for side in (wanted, given))
    for p, q in zip(wanted, given):
        assert (q.name, q.kind) == (p.name, p.kind), f"{name}: {q}, not {p}"
        # What must be given there may be left out here.
        assert p.default is p.empty or _same(q.default, p.default), f"{name}: {q}, not {p}"
    assert len(given) >= len(wanted)
    assert all(q.default is not q.empty for q in given[len(wanted) :]), f"{name}: what is not there may be left out"


def _same(given, wanted):
    if isinstance(wanted, (list, dict)):  # defaults of ours cannot be changed
        return type(wanted)(given or ()) == wanted
    return given is wanted or given == wanted
