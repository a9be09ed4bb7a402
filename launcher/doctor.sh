# What this machine has, for a bug report, and what is wrong with it.

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

# Cores of the machine, those that this process may use, and what its control group gives it of them.
found_cores() {
  local quota period
  echo -n "$(nproc) of $(nproc --all) cores allowed, kernels for $(instruction_set)"
  read -r quota period 2> /dev/null < "${VOLLEY_CPU_MAX:-/sys/fs/cgroup/cpu.max}" || quota=max
  [[ $quota == max ]] || ((quota >= period * $(nproc))) ||
    echo -n ", and time for $((quota / period)).$((quota * 10 / period % 10)) of them: as many --lanes are enough"
  echo
}

# Lines that say WRONG make doctor fail.
found_pages() {
  local mode
  mode=$(cat /sys/kernel/mm/transparent_hugepage/enabled 2> /dev/null) || mode=none
  case $mode in
    none | *\[never\]*) echo "transparent huge pages: $mode; large networks are faster with madvise" ;;
    *) echo "transparent huge pages: $mode" ;;
  esac
}

# Certificates and backoff need a clock that is about right.
found_clock() {
  local synchronised
  synchronised=$(timedatectl show -p NTPSynchronized --value 2> /dev/null) || synchronised=
  if [[ $root/launcher/doctor.sh -nt /proc/self ]]; then
    echo "WRONG: $(date -u '+%F %T') UTC is before this program was written; certificates hold for the right time"
  else
    echo "$(date -u '+%F %T') UTC, synchronised: ${synchronised:-not known}"
  fi
}

# found_disk FOLDER: whether networks and recorded files can be written there.
found_disk() {
  local file free
  file=$(mktemp "$1/.volley-doctor.XXXXXX" 2> /dev/null) || { echo "WRONG: nothing can be written in $1" && return; }
  if ! dd if=/dev/zero of="$file" bs=1M count=1 conv=fsync status=none 2> /dev/null; then
    echo "WRONG: not even 1 MiB can be written in $1"
  else
    free=$(df -Pk "$1" | awk 'END {print $4}')
    awk -v free="$free" -v folder="$1" -v kind="$(stat -f -c %T "$1")" 'BEGIN {
      printf "%s%.1f GiB free in %s (%s)\n", free < 2^20 ? "WRONG: only " : "", free / 2^20, folder, kind}'
  fi
  rm -f "$file"
}

# found_ports PORT...
found_ports() {
  local port taken=()
  for port in "$@"; do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then taken+=("$port"); fi
  done
  if ((${#taken[@]})); then echo "WRONG: somebody listens at ${taken[*]}"; else echo "free: $*"; fi
}

found_tls() {
  local version
  version=$(/usr/bin/python3 -c 'import ssl; print(ssl.OPENSSL_VERSION)' 2> /dev/null) || version="no OpenSSL"
  [[ $version =~ ^OpenSSL\ [3-9] ]] || version="WRONG: $version, and it is to be 3 or later"
  echo "$version"
}

# doctor [FOLDER] [PORT...]: of recorded files and saved networks, and of doors.
doctor() {
  local folder=. ports=(7000 7001 52425) missing report
  (($# == 0)) || [[ $1 =~ ^[0-9]+$ ]] || { folder=$1 && shift; }
  (($# == 0)) || ports=("$@")
  report=$(
    echo "system     $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), kernel $(uname -r)"
    echo "processor  $(found_cores)"
    local gib='END {printf "%.1f GiB, %.1f GiB available", t / 2^20, a / 2^20}'
    echo "memory     $(awk "/MemTotal/ {t = \$2} /MemAvailable/ {a = \$2} $gib" /proc/meminfo)"
    echo "pages      $(found_pages)"
    missing=$(missing_packages | tr '\n' ' ')
    echo "packages   ${missing:+WRONG: missing: }${missing:-all there}"
    missing_packages optional_packages | sed 's/^/optional   missing: /'
    echo "mpi        $(found_mpi)"
    local numpy='import numpy; print(numpy.__version__)'
    [[ -n $missing ]] || echo "python     $(/usr/bin/python3 --version), numpy $(/usr/bin/python3 -c "$numpy")"
    echo "tls        $(found_tls)"
    echo "clock      $(found_clock)"
    echo "disk       $(found_disk "$folder")"
    echo "ports      $(found_ports "${ports[@]}")"
    if product_is_current "$(source_digest)"; then
      echo "product    built and current"
    elif [[ -d $product ]]; then
      echo "product    built from older sources; ./volley build brings it up to date"
    else
      echo "product    not built; ./volley build does it"
    fi
  )
  echo "$report"
  [[ $report != *WRONG:* ]]
}
