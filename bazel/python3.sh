#!/bin/bash
# Starts Debian's python3 for a test: pytest writes its cases where Bazel looks for them, and PYTHONPATH, which the
# BUILD file gives relative to the runfiles, stays right when the test changes its folder or starts another process.
set -euo pipefail

absolute=""
IFS=: read -r -a folders <<< "${PYTHONPATH:-}"
for folder in "${folders[@]}"; do
  [[ $folder == /* ]] || folder="$PWD/$folder"
  absolute+="${absolute:+:}$folder"
done
export PYTHONPATH="$absolute" PYTHONDONTWRITEBYTECODE=1

if [[ ${1:-} == --pytest ]]; then
  shift
  exec /usr/bin/python3 -m pytest -q -p no:cacheprovider --junitxml="$XML_OUTPUT_FILE" "$@"
fi
exec /usr/bin/python3 "$@"
