"""Hot kernels, compiled once for each instruction set; which one runs is decided when the program starts."""

# Bits must not depend on the set: no contraction to fused operations. Optimised always, in debug and sanitizer builds too:
# below -O2 the compiler emits functions of the standard library into each object, the linker keeps one of them for all,
# and an old machine would run AVX-512 code (isa_symbols_test proves their absence).
_ALWAYS = [
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-stack-protector",
    "-U_FORTIFY_SOURCE",
]

# Sanitizers make -O3 of vector code slow to compile (28 s a set, 8 s at -O2), and nobody measures those builds.
_OPTIMISATION = select({
    "//bazel:debug_mode": ["-O2"],
    "//conditions:default": ["-O3"],
})

# `scalar` computes in plain doubles; the others in vectors of the named width.
_TARGETS = {
    "scalar": ["-march=x86-64"],
    "sse2": ["-march=x86-64"],
    "avx2": ["-march=x86-64-v3"],
    "avx512": ["-march=x86-64-v4", "-mprefer-vector-width=512"],
}

def isa_kernels(name, srcs, hdrs = [], deps = [], copts = [], visibility = None, **kwargs):
    """One library with the same sources compiled for scalar, sse2, avx2 and avx512.

    Each compilation sees the macro VOLLEY_ISA as one of these words. Everything a source defines must carry it in its
    type or name. `<name>_<isa>` are the parts.

    Args:
      name: the library with all four.
      srcs: compiled four times.
      hdrs: headers of the library.
      deps: libraries.
      copts: further options.
      visibility: of the whole; the parts are for isa_symbols_test alone.
      **kwargs: passed to every cc_library.
    """
    for isa, march in _TARGETS.items():
        native.cc_library(
            name = "%s_%s" % (name, isa),
            srcs = srcs,
            hdrs = hdrs,
            copts = copts + _ALWAYS + march + _OPTIMISATION,
            local_defines = ["VOLLEY_ISA=" + isa],
            deps = deps,
            linkstatic = True,
            visibility = ["//tests/build:__pkg__"],
            **kwargs
        )
    native.cc_library(
        name = name,
        hdrs = hdrs,
        visibility = visibility,
        deps = [":%s_%s" % (name, isa) for isa in _TARGETS] + deps,
        **kwargs
    )

def isa_symbols_test(name, kernels, **kwargs):
    """Fails if a part of isa_kernels exports a weak symbol that does not name its instruction set.

    Args:
      name: the test.
      kernels: label of the isa_kernels. The test itself stands in tests/build.
      **kwargs: passed to the sh_test.
    """
    archives = name + "_archives"

    # A library among the data of a test brings what it needs at run time, and an archive is not that; a file group is files.
    native.filegroup(
        name = archives,
        srcs = ["%s_%s" % (kernels, isa) for isa in _TARGETS],
    )
    native.sh_test(
        name = name,
        srcs = ["//bazel:python3.sh"],
        args = [
            "$(rootpath //tests/build:isa_symbols.py)",
            "$(rootpaths :%s)" % archives,
        ],
        data = [
            ":" + archives,
            "//tests/build:isa_symbols.py",
        ],
        **kwargs
    )
