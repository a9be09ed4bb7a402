# What becomes of a cluster to which things happen (tests/faults), and whether its tests would notice (tests/mutants).

# fault-test [OPTION...]: real processes, killed, stopped, cut off, starved; --help lists the options.
fault_test() {
  PYTHONPYCACHEPREFIX="$build_folder/pycache" run_python "$root/tests/faults/run_faults.py" "$@"
}

# mutants [NAME...]: small errors planted in a copy of the tree, each of which a test must catch.
plant_mutants() {
  ensure_packages
  PYTHONPYCACHEPREFIX="$build_folder/pycache" exec /usr/bin/python3 "$root/tests/mutants/run_mutants.py" "$@"
}
