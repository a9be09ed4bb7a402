# Random programs over the whole Python API, on several layouts (tests/programs).

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
