"""Libraries and tests whose sources are compiled several at a time.

Most of a compilation goes to headers and to the templates that they instantiate; a unit reads them once for all its
sources. `--define=sources=apart` compiles each source by itself, which shows that it includes what it uses.
"""

# Sources of a unit, at most: few enough that a changed one is compiled again in seconds.
_SIZE = 12

# What a unit holds of a source. The names that sources of a library keep to themselves must differ within a unit; those
# of tests are put in a namespace named after the file.
_AS_IT_IS = "cat $$source"
_WITH_NAMES_OF_ITS_OWN = "sed \"s/^namespace {$$/namespace $$(basename $$source .cpp) {/\" $$source"

def _units(name, srcs, text):
    sources = [src for src in srcs if src.endswith(".cpp")]
    headers = [src for src in srcs if not src.endswith(".cpp")]
    count = (len(sources) + _SIZE - 1) // _SIZE
    units = []
    for i in range(count):
        units.append("%s_unit_%d" % (name, i + 1))
        native.genrule(
            name = units[-1],
            testonly = text != _AS_IT_IS,
            srcs = sources[len(sources) * i // count:len(sources) * (i + 1) // count],
            outs = [units[-1] + ".cpp"],
            cmd = "for source in $(SRCS); do echo \"#line 1 \\\"$$source\\\"\"; %s; done > $@" % text,
            visibility = ["//visibility:private"],
        )
    return headers + select({
        "//bazel:sources_apart": sources,
        "//conditions:default": [unit + ".cpp" for unit in units],
    })

def cc_library_in_units(name, srcs, **kwargs):
    """As cc_library.

    Args:
        name: as ever.
        srcs: sources and private headers.
        **kwargs: the other arguments of cc_library.
    """
    native.cc_library(name = name, srcs = _units(name, srcs, _AS_IT_IS), **kwargs)

def cc_test_in_units(name, srcs, **kwargs):
    """As cc_test.

    Args:
        name: as ever.
        srcs: sources and private headers.
        **kwargs: the other arguments of cc_test.
    """
    native.cc_test(name = name, srcs = _units(name, srcs, _WITH_NAMES_OF_ITS_OWN), **kwargs)
