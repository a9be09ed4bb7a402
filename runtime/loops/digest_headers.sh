#!/bin/bash
# Prints a header with one text that differs where any of the headers given, or the compiler, does.
set -euo pipefail
digest=$({ cat "$@" && g++ -dumpfullversion; } | sha256sum)
cat << TEXT
// What a module and the runtime must have been built from alike: the headers of models and loops, and the compiler.
#pragma once

namespace volley::runtime {

inline constexpr const char* module_build = "${digest%% *}";

}  // namespace volley::runtime
TEXT
