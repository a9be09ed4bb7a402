# What this machine has, for a bug report.

# Whether the processor has all of these features.
has_flags() {
  local flags flag
  flags=" $(sed -n 's/^flags[^:]*: //p;/^flags/q' /proc/cpuinfo) "
  for flag in "$@"; do
    [[ $flags == *" $flag "* ]] || return 1
  done
}

# The widest kernels it can run.
instruction_set() {
  if has_flags avx512f avx512dq avx512vl avx512bw avx512cd; then
    echo avx512
  elif has_flags avx2 fma bmi2; then
    echo avx2
  else
    echo sse2
  fi
}

# The MPI by which several ranks find each other.
found_mpi() {
  local program version
  program=$(command -v mpirun) || { echo "no mpirun: scripts run on one rank" && return; }
  version=$("$program" --version 2> /dev/null | sed -n '1s/^mpirun (\(Open MPI\)) \(.*\)/\1 \2/p')
  echo "${version:-another than Open MPI, whose ranks cannot be used}, $program"
}

doctor() {
  local missing
  echo "system     $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), kernel $(uname -r)"
  echo "processor  $(nproc) cores, kernels for $(instruction_set)"
  local gib='END {printf "%.1f GiB, %.1f GiB available", t / 2^20, a / 2^20}'
  echo "memory     $(awk "/MemTotal/ {t = \$2} /MemAvailable/ {a = \$2} $gib" /proc/meminfo)"
  echo "pages      transparent huge pages: $(cat /sys/kernel/mm/transparent_hugepage/enabled 2> /dev/null || echo none)"
  missing=$(missing_packages | tr '\n' ' ')
  echo "packages   ${missing:+missing: }${missing:-all there}"
  missing_packages optional_packages | sed 's/^/optional   missing: /'
  echo "mpi        $(found_mpi)"
  local numpy='import numpy; print(numpy.__version__)'
  [[ -n $missing ]] || echo "python     $(/usr/bin/python3 --version), numpy $(/usr/bin/python3 -c "$numpy")"
  if product_is_current "$(source_digest)"; then
    echo "product    built and current"
  elif [[ -d $product ]]; then
    echo "product    built from older sources; ./volley build brings it up to date"
  else
    echo "product    not built; ./volley build does it"
  fi
  [[ -z $missing ]]
}
