"""Families of models: a folder with a file for each, and one list of their names."""

def _model_list_impl(ctx):
    folder = ctx.label.package.split("/")[-1]
    names = ctx.attr.models
    ctx.actions.write(ctx.outputs.out, "\n".join(
        ["// The models of this folder, in the order of list.bzl.", "#pragma once", ""] +
        ["namespace volley::%s {" % folder, ""] +
        ["struct %s;" % name for name in names] +
        ["", "template <class... Models> struct model_list {};", ""] +
        ["using all = model_list<%s>;" % ", ".join(names), ""] +
        ["}  // namespace volley::" + folder, ""],
    ))

_model_list = rule(
    implementation = _model_list_impl,
    attrs = {"models": attr.string_list()},
    outputs = {"out": "%{name}.hpp"},
)

def model_family(name, models, deps, describe, visibility, bases = {}):
    """The models of a folder: a library with its file for each, and their descriptions.

    Args:
      name: the library with the descriptions of all, and with list.hpp: their names as types that are declared
        only, and `all`, their order.
      models: names; NAME.hpp defines a struct NAME in the namespace volley::FOLDER.
      deps: what the files include.
      describe: the library with what describe.cpp includes, which is compiled once for each model.
      visibility: of all.
      bases: by model, those of the same folder that its file includes.
    """
    for model in models:
        native.cc_library(
            name = model,
            hdrs = [model + ".hpp"],
            visibility = visibility,
            deps = deps + [":" + base for base in bases.get(model, [])],
        )
        native.cc_library(
            name = model + "_description",
            srcs = ["describe.cpp"],
            local_defines = ["VOLLEY_MODEL=" + model],
            visibility = ["//visibility:private"],
            deps = [model, describe],
        )
    _model_list(
        name = "list",
        models = models,
    )
    native.cc_library(
        name = name,
        hdrs = ["list.hpp"],
        visibility = visibility,
        deps = [model + "_description" for model in models],
    )
