"""The repository @system: one cc_library per third-party library of the operating system, and its tools.

Everything is looked up when the repository is fetched (pkg-config, the compiler's own search path, PATH), so no path of
a particular machine is written down. Headers in the compiler's default folders need no declaration; folders outside
them are linked into the repository and become `includes` (system headers: no warnings from them). A missing package
stops the build with the name of what is missing.
"""

_HINT = "\nlauncher/packages.txt lists the packages; `./volley build` installs what is missing."

def _run(ctx, arguments, what):
    result = ctx.execute(arguments)
    if result.return_code != 0:
        fail("%s: %s%s" % (what, result.stderr.strip(), _HINT))
    return result

def _tool(ctx, name):
    path = ctx.which(name)
    if path == None:
        fail("the program `%s` is not on PATH.%s" % (name, _HINT))
    return path

def _compiler_include_folders(ctx):
    """The folders that g++ searches by itself, in order."""
    listing = _run(ctx, [_tool(ctx, "g++"), "-E", "-v", "-x", "c++", "/dev/null"], "g++ search path").stderr
    inside = listing.split("#include <...> search starts here:")[1].split("End of search list.")[0]
    return [line.strip() for line in inside.strip().split("\n")]

def _pkg_config(ctx, option, package):
    output = _run(ctx, [_tool(ctx, "pkg-config"), option, package], "pkg-config %s" % package).stdout.strip()
    return [flag for flag in output.split(" ") if flag]

def _library(name, defines = [], linkopts = [], includes = []):
    headers = ["%s/**/*%s" % (folder, ending) for folder in includes for ending in [".h", ".hpp", ".inc"]]
    return "cc_library(name = %r, hdrs = glob(%r, allow_empty = True), includes = %r, defines = %r, linkopts = %r)" % (
        name,
        headers,
        includes,
        defines,
        linkopts,
    )

def _described_library(ctx, name, package, builtin):
    """A library that pkg-config knows."""
    includes, defines = [], []
    for flag in _pkg_config(ctx, "--cflags", package):
        if flag.startswith("-D"):
            defines.append(flag[2:])
        elif flag.startswith("-I") and flag[2:] not in builtin:
            folder = "include/%s/%d" % (name, len(includes))
            ctx.symlink(flag[2:], folder)
            includes.append(folder)
    return _library(name, defines + ctx.attr.defines.get(name, []), _pkg_config(ctx, "--libs", package), includes)

def _plain_library(ctx, name, header, linkopts, builtin):
    """A library without a .pc file: its header lies in one of the compiler's folders."""
    if not [folder for folder in builtin if ctx.path(folder + "/" + header).exists]:
        fail("the header <%s> of `%s` was not found.%s" % (header, name, _HINT))
    return _library(name, ctx.attr.defines.get(name, []), linkopts)

def _system_repository_impl(ctx):
    builtin = _compiler_include_folders(ctx)
    build = ['package(default_visibility = ["//visibility:public"])']
    for name, package in ctx.attr.pkg_config.items():
        build.append(_described_library(ctx, name, package, builtin))
    for name, probe in ctx.attr.libraries.items():
        build.append(_plain_library(ctx, name, probe[0], probe[1:], builtin))
    for name in ctx.attr.tools:
        ctx.symlink(_tool(ctx, name), "bin/" + name)
    build.append("exports_files(%r)" % ["bin/" + name for name in ctx.attr.tools])
    ctx.file("BUILD", "\n".join(build) + "\n")

system_repository = repository_rule(
    implementation = _system_repository_impl,
    configure = True,
    local = True,
    environ = ["PATH", "PKG_CONFIG_PATH"],
    attrs = {
        "pkg_config": attr.string_dict(doc = "label -> package name of pkg-config"),
        "libraries": attr.string_list_dict(doc = "label -> [header, linker options...]"),
        "defines": attr.string_list_dict(doc = "label -> preprocessor definitions for whoever uses it"),
        "tools": attr.string_list(doc = "programs, available as @system//:bin/<name>"),
    },
)
