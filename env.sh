# Read this file into a shell, from any folder, and `import nest` works in its scripts:
#   source ./env.sh        (bash, zsh)      . ./env.sh        (sh)
# It builds Volley if needed, puts `volley`, `volley-server` and Debian's `python3` first on PATH, and sets PYTHONPATH.
# shellcheck shell=sh

if [ -n "${BASH_VERSION-}" ]; then
  # shellcheck disable=SC3028,SC3054
  volley_env="${BASH_SOURCE[0]}"
elif [ -n "${ZSH_VERSION-}" ]; then
  eval 'volley_env="${(%):-%x}"'
else
  # A plain sh does not say which file it is reading, but it holds it open.
  for volley_env in /proc/$$/fd/*; do
    volley_env=$(readlink "$volley_env")
    case "$volley_env" in */env.sh) break ;; esac
  done
fi

volley_root=$(dirname "$(readlink -f "$volley_env")")
if [ -x "$volley_root/volley" ]; then
  "$volley_root/volley" build && . "$volley_root/launcher/environment.sh"
else
  echo "env.sh: cannot tell where it lies; change to its folder first" >&2
  false
fi
unset volley_env
