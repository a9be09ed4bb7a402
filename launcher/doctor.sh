# What this machine has, for a bug report.

instruction_set() {
  local flags
  flags=" $(sed -n 's/^flags[^:]*: //p;/^flags/q' /proc/cpuinfo) "
  case "$flags" in
    *" avx512f "*) [[ $flags == *" avx512dq "* && $flags == *" avx512vl "* && $flags == *" avx512bw "* ]] && echo avx512 || echo avx2 ;;
    *" avx2 "*) echo avx2 ;;
    *) echo sse2 ;;
  esac
}

doctor() {
  local missing
  echo "system     $(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), kernel $(uname -r)"
  echo "processor  $(nproc) cores, kernels for $(instruction_set)"
  echo "memory     $(awk '/MemTotal/ {t = $2} /MemAvailable/ {a = $2} END {printf "%.1f GiB, %.1f GiB available", t / 2^20, a / 2^20}' /proc/meminfo)"
  echo "pages      transparent huge pages: $(cat /sys/kernel/mm/transparent_hugepage/enabled 2> /dev/null || echo none)"
  missing=$(missing_packages | tr '\n' ' ')
  echo "packages   ${missing:+missing: }${missing:-all there}"
  [[ -n $missing ]] || echo "python     $(/usr/bin/python3 --version), numpy $(/usr/bin/python3 -c 'import numpy; print(numpy.__version__)')"
  if product_is_current "$(source_digest)"; then
    echo "product    built and current"
  elif [[ -d $product ]]; then
    echo "product    built from older sources; ./volley build brings it up to date"
  else
    echo "product    not built; ./volley build does it"
  fi
  [[ -z $missing ]]
}
