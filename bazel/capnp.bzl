"""Cap'n Proto schemas as C++ libraries."""

def cc_capnp_library(name, srcs, imports = [], deps = [], **kwargs):
    """Compiles schemas; `a/b.capnp` is included as "a/b.capnp.h".

    Args:
      name: the cc_library.
      srcs: schemas of this package; they may import each other by a path from the repository root ("/a/b.capnp").
      imports: labels of schemas of other packages that srcs import; put the library that compiles them into deps.
      deps: further libraries.
      **kwargs: passed to the cc_library.
    """
    headers = [source + ".h" for source in srcs]
    sources = [source + ".c++" for source in srcs]
    package = native.package_name()

    # Sources are named relative to the root, so that their outputs land in the same folder below GENDIR.
    native.genrule(
        name = name + "_generated",
        srcs = srcs + imports,
        outs = headers + sources,
        tools = ["@system//:bin/capnp", "@system//:bin/capnpc-c++"],
        cmd = " ".join(
            [
                "$(execpath @system//:bin/capnp) compile",
                "-o$(execpath @system//:bin/capnpc-c++):$(GENDIR)",
                "-I.",
            ] + ["%s/%s" % (package, source) for source in srcs],
        ),
        message = "Compiling schemas",
    )
    native.cc_library(
        name = name,
        srcs = sources,
        hdrs = headers,
        deps = deps + ["@system//:capnp"],
        **kwargs
    )
