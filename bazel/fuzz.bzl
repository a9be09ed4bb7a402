"""Fuzz targets for libFuzzer (clang-14)."""

def fuzz_target(name, srcs, deps = [], **kwargs):
    """A program around LLVMFuzzerTestOneInput.

    Build and run: bazel build --config=fuzz //protocol/fuzz:<name> && .build/bazel-bin/protocol/fuzz/<name>
    CORPUS_FOLDER

    Args:
      name: the program.
      srcs: the file with LLVMFuzzerTestOneInput.
      deps: libraries.
      **kwargs: passed to the cc_binary.
    """
    native.cc_binary(
        name = name,
        srcs = srcs,
        linkopts = ["-fsanitize=fuzzer"],
        tags = ["manual"],
        testonly = True,
        deps = deps,
        **kwargs
    )
