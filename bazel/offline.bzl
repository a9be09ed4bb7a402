"""Stand-ins for the repositories that Bazel's embedded tools load, so that a build needs no network.

Bazel 4.2 refers to rules_cc, rules_java and remote_coverage_tools even where a build uses none of them. Each stand-in
forwards to the native rules of the same name.
"""

_CC_RULES = [
    "cc_binary",
    "cc_import",
    "cc_library",
    "cc_proto_library",
    "cc_test",
    "cc_toolchain",
    "cc_toolchain_suite",
    "fdo_prefetch_hints",
    "fdo_profile",
    "objc_import",
    "objc_library",
]

_JAVA_RULES = [
    "java_binary",
    "java_import",
    "java_library",
    "java_lite_proto_library",
    "java_package_configuration",
    "java_plugin",
    "java_proto_library",
    "java_runtime",
    "java_test",
    "java_toolchain",
]

_COVERAGE_BUILD = """
filegroup(name = "coverage_report_generator", srcs = ["none.sh"], visibility = ["//visibility:public"])
sh_binary(name = "lcov_merger", srcs = ["none.sh"], visibility = ["//visibility:public"])
"""

def _written_repository_impl(ctx):
    for path, content in ctx.attr.files.items():
        ctx.file(path, content, executable = path.endswith(".sh"))

_written_repository = repository_rule(
    implementation = _written_repository_impl,
    attrs = {"files": attr.string_dict(doc = "path -> content")},
)

def _forward(native_names, absent_names = []):
    lines = ["%s = native.%s\n" % (name, name) for name in native_names]
    return "".join(lines + ["%s = None\n" % name for name in absent_names])

def offline_repositories():
    """Declares the three stand-ins; call it first in WORKSPACE."""
    _written_repository(name = "rules_cc", files = {
        "WORKSPACE": "",
        "BUILD": "",
        "cc/BUILD": "",
        "cc/defs.bzl": _forward(_CC_RULES, ["cc_flags_supplier", "compiler_flag"]),
    })
    _written_repository(name = "rules_java", files = {
        "WORKSPACE": "",
        "BUILD": "",
        "java/BUILD": "",
        "java/defs.bzl": _forward(_JAVA_RULES),
    })
    _written_repository(name = "remote_coverage_tools", files = {
        "WORKSPACE": "",
        "BUILD": _COVERAGE_BUILD,
        "none.sh": "#!/bin/sh\n",
    })
