# The tests: one run of Bazel per configuration, and one closing line over all cases.

# Tests tagged on_demand run with --all only (Bazel keeps the tag `long` for itself: all large tests have it).
# `reference` tests need the folder that VOLLEY_REFERENCE names. `processes` are those of several processes, which
# mostly wait: some at once, but not beside compilers.
excluded_tags() {
  [[ ${1-} == all ]] || echo -n "-on_demand,"
  [[ -n ${VOLLEY_REFERENCE-} ]] || echo -n "-reference,"
  echo -n "-manual"
}

# run_tests NAME TAGS TARGETS OPTIONS...: runs the targets; what happened goes to .build/tests/NAME.json.
run_tests() {
  local name=$1 tags=$2 targets=$3
  shift 3
  say "tests: $name"
  # shellcheck disable=SC2086  # one word per target
  run_bazel test --keep_going --build_event_json_file="$build_folder/tests/$name.json" --test_tag_filters="$tags" "$@" \
    -- $targets || true # the count decides, from the record of events
}

# Prints the C++ tests among the targets: Python loads the extension without a sanitizer's runtime.
cc_tests() {
  run_bazel query --keep_going "kind(cc_test, set($*))" 2> /dev/null | tr '\n' ' ' || true
}

# run_sanitizers TARGETS: the C++ tests of the targets under each sanitizer.
run_sanitizers() {
  local tests
  tests=$(cc_tests "$1")
  [[ -n $tests ]] || return 0
  run_tests asan "$(excluded_tags),-no_sanitizer" "$tests" --config=asan --build_tests_only
  run_tests tsan "$(excluded_tags),caf_free" "$tests" --config=tsan --build_tests_only
}

# A source that lacks an include compiles in a unit with others (bazel/units.bzl), and by itself it does not.
build_apart() {
  say "sources, each compiled by itself"
  # shellcheck disable=SC2046  # one word per target
  run_bazel build --keep_going --config=apart \
    $(run_bazel query 'kind(cc_library, attr(generator_function, cc_library_in_units, //...))' 2> /dev/null) ||
    fail "a source does not include what it uses"
}

# The bits of the portable build are expected of the native one too.
run_native() {
  run_tests native "$(excluded_tags)" //tests/runtime:determinism_test --config=native
}

# test [--all] [TARGET...]: see `./volley help`.
test_product() {
  local all=""
  [[ ${1-} == --all ]] && { all=all && shift; }
  local targets="${*:-//...}"
  if [[ -n ${VOLLEY_REFERENCE-} ]]; then
    [[ -d $VOLLEY_REFERENCE ]] || fail "VOLLEY_REFERENCE names no folder: $VOLLEY_REFERENCE"
    VOLLEY_REFERENCE=$(realpath "$VOLLEY_REFERENCE") # tests run in folders of their own
    export VOLLEY_REFERENCE
  fi
  ensure_packages
  rm -rf "$build_folder/tests" && mkdir -p "$build_folder/tests"

  # What no test needs, such as the benchmarks, is built with --all only.
  local built=--build_tests_only
  [[ -z $all ]] || built=--nobuild_tests_only
  run_tests default "$(excluded_tags "$all"),-processes" "$targets" $built
  run_tests processes "$(excluded_tags "$all"),processes" "$targets" --build_tests_only --jobs=4 --local_test_jobs=4
  [[ -z $all ]] || build_apart
  [[ -z $all ]] || run_native
  [[ -z $all ]] || run_sanitizers "$targets"
  /usr/bin/python3 "$root/launcher/count_cases.py" "$build_folder"/tests/*.json
}
