# Random programs over the whole Python API, on several layouts (tests/programs); clusters whose every step is drawn.

# fuzz-programs [--asan] [OPTION...]: --asan puts the servers of the programs under AddressSanitizer.
fuzz_programs() {
  local server=volley-server
  if [[ ${1-} == --asan ]]; then
    shift
    run_bazel build --config=asan //actors:volley_server ||
      fail "the build failed; ./volley doctor shows what this machine has"
    server=$(run_bazel info --config=asan bazel-bin 2> /dev/null)/actors/volley_server
  fi
  # Compiled modules go elsewhere: the folder is part of the sources.
  PYTHONPYCACHEPREFIX="$build_folder/pycache" run_python "$root/tests/programs/run_programs.py" --server "$server" "$@"
}

# fuzz-cluster [--seeds N] [--first S]: whole clusters in one thread, with faults (tests/runtime/cluster/world.hpp).
fuzz_cluster() {
  local seeds=10000 first=0
  while (($# > 0)); do
    (($# > 1)) && [[ $2 =~ ^[0-9]+$ ]] || fail "fuzz-cluster $1 needs a number"
    case "$1" in
      --seeds) seeds=$2 ;;
      --first) first=$2 ;;
      *) fail "fuzz-cluster has no option $1" ;;
    esac
    shift 2
  done
  run_bazel build //tests/runtime/cluster:cluster_test ||
    fail "the build failed; ./volley doctor shows what this machine has"
  local built
  built=$(run_bazel info bazel-bin 2> /dev/null)
  VOLLEY_SEEDS=$seeds VOLLEY_FIRST_SEED=$first "$built/tests/runtime/cluster/cluster_test" --gtest_filter='world.*'
}
