"""Modules: shared libraries of models beyond the built-in ones, which nest.Install loads."""

load("//bazel:isa.bzl", "isa_instances")

# Labels name the repository, since modules are built from others, too (launcher/module.sh).
_FAMILIES = {
    "neurons": struct(
        describe = "@volley//models/core:describe_neuron",
        includes = [
            "@volley//models/core:groups",
            "@volley//models/core:lists",
            "@volley//models/core:neuron",
            "@volley//models/core:propagators",
            "@volley//models/core:relative_rate",
            "@volley//models/core:rkf45",
        ],
        loops = "step",
    ),
    "synapses": struct(
        describe = "@volley//models/core:describe_synapse",
        includes = [
            "@volley//models/core:distributions",
            "@volley//models/core:math",
            "@volley//models/core:short_term",
            "@volley//models/core:synapse",
        ],
        loops = "plastic",
    ),
}

def _family(name, folder, models):
    """The descriptions and loops of models; returns their libraries."""
    family = _FAMILIES[folder]
    for model in models:
        native.cc_library(
            name = model,
            hdrs = ["%s/%s.hpp" % (folder, model)],
            include_prefix = "models/" + folder,
            strip_include_prefix = folder,
            deps = family.includes,
        )
        native.cc_library(
            name = model + "_description",
            srcs = ["@volley//models/%s:describe.cpp" % folder],
            local_defines = ["VOLLEY_MODEL=" + model],
            deps = [":" + model, family.describe],
        )
    loops = "%s_%s_loops" % (name, family.loops)
    isa_instances(
        name = loops,
        srcs = ["@volley//runtime/loops:%s_loops.cpp" % family.loops],
        models = {model: ":" + model for model in models},
        deps = ["@volley//runtime/loops:%s_loop" % family.loops],
    )
    return [":" + loops] + [":%s_description" % model for model in models]

def volley_module(name, neurons = [], synapses = [], visibility = None):
    """NAME.so with some models.

    Args:
      name: the module's, which Install takes.
      neurons: names; neurons/NAME.hpp defines a struct NAME in the namespace volley::neurons, as models/neurons/ has
        them.
      synapses: the same for synapses/ and volley::synapses.
      visibility: of the library.
    """
    models = _family(name, "neurons", neurons) + _family(name, "synapses", synapses)
    native.cc_binary(
        name = name + ".so",
        srcs = ["@volley//runtime/loops:module_source.cpp"],
        linkopts = ["-Wl,--version-script=$(location @volley//bazel:module_symbols.lds)"],
        linkshared = True,
        local_defines = [
            "VOLLEY_NEURONS(x)=" + "".join(["x(%s)" % model for model in neurons]),
            "VOLLEY_SYNAPSES(x)=" + "".join(["x(%s)" % model for model in synapses]),
        ],
        visibility = visibility,
        deps = models + [
            "@volley//bazel:module_symbols.lds",
            "@volley//models/core:lanes",
            "@volley//runtime/loops:module",
        ],
    )
