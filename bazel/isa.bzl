"""Hot kernels, compiled once for each instruction set; which one runs is decided when the program starts."""

# Bits must not depend on the set: no contraction to fused operations. Optimised always, in debug and sanitizer builds too:
# below -O2 the compiler emits functions of the standard library into each object, the linker keeps one of them for all,
# and an old machine would run AVX-512 code (isa_symbols_test proves their absence).
_ALWAYS = [
    "-O3",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-trapping-math",
    "-fno-stack-protector",
    "-U_FORTIFY_SOURCE",
]

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
            copts = copts + _ALWAYS + march,
            local_defines = ["VOLLEY_ISA=" + isa],
            deps = deps,
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
      kernels: label of the isa_kernels, in this or another package.
      **kwargs: passed to the sh_test.
    """
    parts = ["%s_%s" % (kernels, isa) for isa in _TARGETS]
    native.sh_test(
        name = name,
        srcs = ["//bazel:python3.sh"],
        args = ["$(rootpath //tests/build:isa_symbols.py)"] + ["$(rootpaths %s)" % part for part in parts],
        data = ["//tests/build:isa_symbols.py"] + parts,
        **kwargs
    )
