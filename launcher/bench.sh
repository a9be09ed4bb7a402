# The benchmarks of tests/bench: whole networks, and programs for the parts. They print figures and judge nothing.

# Prints the names of the programs, one a line.
bench_programs() {
  run_bazel query 'kind(cc_binary, //tests/bench/...)' 2> /dev/null | sed 's/.*://' || true
}

# run_bench_programs PROGRAMS ARGUMENT...: one after the other.
run_bench_programs() {
  local folder program programs=$1
  shift
  # shellcheck disable=SC2086,SC2046  # one word per program
  run_bazel build $(printf '//tests/bench:%s ' $programs)
  folder=$(run_bazel info bazel-bin 2> /dev/null)/tests/bench
  for program in $programs; do
    say "$program"
    "$folder/$program" "$@"
  done
}

# bench [NAME...] [OPTION...]: networks, by default all; bench parts: all programs; bench PROGRAM [ARGUMENT...]: one.
bench_product() {
  ensure_packages
  case "${1-}" in
    parts) run_bench_programs "$(bench_programs)" "${@:2}" ;;
    *_bench) run_bench_programs "$@" ;;
    *) run_python "$root/tests/bench/workloads.py" "$@" ;;
  esac
}
