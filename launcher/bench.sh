# The benchmarks: every program of tests/bench. They print times and judge nothing.

# bench [NAME [ARGUMENT...]]: one of them, or all.
bench_product() {
  ensure_packages
  local programs
  programs=$(run_bazel query 'kind(cc_binary, //tests/bench/...)' 2> /dev/null) || true
  [[ -n $programs ]] || fail "this checkout has no benchmarks in tests/bench"
  if (($# > 0)); then
    grep -q ":$1$" <<< "$programs" || fail "no benchmark is called $1; there are:
$(sed 's/.*:/  /' <<< "$programs")"
    programs=$(grep ":$1$" <<< "$programs")
    shift
  fi
  # shellcheck disable=SC2086  # one word per program
  run_bazel build $programs
  local folder program
  folder=$(run_bazel info bazel-bin 2> /dev/null)
  for program in $programs; do
    say "${program#//}"
    "$folder/$(tr : / <<< "${program#//}")" "$@"
  done
}
