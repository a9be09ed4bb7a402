"""Hot loops, compiled once for each instruction set; which one runs is decided when the program starts."""

# Bits must not depend on the set: no contraction to fused operations. Optimised always, in debug and sanitizer builds
# too: below -O2 the compiler emits functions of the standard library into each object, the linker keeps one of them for
# all, and an old machine would run AVX-512 code (isa_symbols_test proves their absence).
_ALWAYS = [
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-stack-protector",
    "-U_FORTIFY_SOURCE",
]

# Sanitizers make -O3 of vector code slow to compile (28 s a set, 8 s at -O2), and nobody measures those builds.
_OPTIMISATION = select({
    "@volley//bazel:debug_mode": ["-O2"],
    "//conditions:default": ["-O3"],
})

# `scalar` computes in plain doubles; the others in vectors of the named width.
_TARGETS = {
    "scalar": ["-march=x86-64"],
    "sse2": ["-march=x86-64"],
    "avx2": ["-march=x86-64-v3"],
    "avx512": ["-march=x86-64-v4", "-mprefer-vector-width=512"],
}

# The same sets by what the compiler is told: headers are read once for each of these.
_PARTS = {
    "baseline": ["scalar", "sse2"],
    "avx2": ["avx2"],
    "avx512": ["avx512"],
}

def _part(name, isa, copts = [], **kwargs):
    native.cc_library(
        name = name,
        copts = copts + _ALWAYS + _TARGETS[isa] + _OPTIMISATION,
        linkstatic = True,
        visibility = ["//visibility:private"],
        **kwargs
    )

def _archives(name, parts, testonly):
    # A library among the data of a test brings what it needs at run time, and an archive is not that; a file group is
    # files.
    native.filegroup(
        name = name + "_archives",
        testonly = testonly,
        srcs = parts,
        visibility = ["//tests/build:__pkg__"],
    )

def isa_loops(name, srcs, hdrs = [], deps = [], copts = [], visibility = None, testonly = False):
    """One library with the same sources compiled for scalar, sse2, avx2 and avx512.

    Each compilation sees the macro VOLLEY_ISA as one of these words. Everything a source defines must carry it in its
    type or name.

    Args:
      name: the library with all four; `<name>_archives` are their files.
      srcs: compiled four times.
      hdrs: headers of the library.
      deps: libraries.
      copts: further options.
      visibility: of the library.
      testonly: as of every cc_library.
    """
    parts = []
    for isa in _TARGETS:
        parts.append("%s_%s" % (name, isa))
        _part(
            name = parts[-1],
            isa = isa,
            testonly = testonly,
            srcs = srcs,
            hdrs = hdrs,
            copts = copts,
            local_defines = ["VOLLEY_ISA=" + isa],
            deps = deps,
        )
    _archives(name, parts, testonly)
    native.cc_library(
        name = name,
        testonly = testonly,
        hdrs = hdrs,
        visibility = visibility,
        deps = parts + deps,
    )

def isa_instances(name, srcs, models, deps = [], visibility = None):
    """Instances of templates for each model and instruction set, each model in compilations of its own.

    A source sees the macros VOLLEY_MODEL, the model's name, and VOLLEY_FOR_EACH_SET(x), which is x(set) for each set
    that the compilation is for. What it instantiates must carry the set in its type.

    Args:
      name: the library with all instances; `<name>_archives` are their files.
      srcs: compiled three times for each model.
      models: name of each model -> the library with its file. The name "" stands for no model.
      deps: libraries.
      visibility: of the library.
    """
    parts = []
    for model, library in models.items():
        for part, sets in _PARTS.items():
            parts.append("_".join([word for word in [name, model, part] if word]))
            _part(
                name = parts[-1],
                isa = sets[0],
                srcs = srcs,
                local_defines = ["VOLLEY_FOR_EACH_SET(x)=" + "".join(["x(%s)" % isa for isa in sets])] +
                                (["VOLLEY_MODEL=" + model] if model else []),
                deps = deps + ([library] if model else []),
            )
    _archives(name, parts, False)
    native.cc_library(
        name = name,
        visibility = visibility,
        deps = parts,
    )

def isa_symbols_test(name, libraries, **kwargs):
    """Fails if an archive of isa_loops or isa_instances exports a weak symbol that does not name its instruction set.

    Args:
      name: the test.
      libraries: labels of the libraries. The test itself stands in tests/build.
      **kwargs: passed to the sh_test.
    """
    archives = [library + "_archives" for library in libraries]
    native.sh_test(
        name = name,
        srcs = ["//bazel:python3.sh"],
        args = ["$(rootpath //tests/build:isa_symbols.py)"] + ["$(rootpaths %s)" % files for files in archives],
        data = archives + ["//tests/build:isa_symbols.py"],
        **kwargs
    )
