"""Python extension modules written with pybind11."""

def pybind_extension(name, srcs, deps = [], copts = [], **kwargs):
    """Builds `<name>.so`, importable as `<name>` by the Python whose headers @system found.

    Args:
      name: module name; the file target is `<name>.so`, and `<name>` is an alias for it.
      srcs: sources, one of which holds PYBIND11_MODULE(<name>, ...).
      deps: libraries linked in.
      copts: further compiler options.
      **kwargs: passed to the cc_binary (tags, visibility, testonly ...).
    """
    native.cc_binary(
        name = name + ".so",
        srcs = srcs,
        # pybind11's own types are hidden symbols; anything that holds them must be too.
        copts = ["-fvisibility=hidden"] + copts,
        # A wheel brings libraries along, in a folder beside the extension.
        linkopts = ["-Wl,-rpath,'$$ORIGIN/volley.libs'"],
        linkshared = True,
        linkstatic = True,
        deps = deps + ["@system//:pybind11", "@system//:python3"],
        **kwargs
    )
    native.alias(
        name = name,
        actual = ":" + name + ".so",
        visibility = kwargs.get("visibility"),
    )
