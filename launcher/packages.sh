# Debian packages: which are missing, and how they get installed.

# Prints the missing packages, one a line: of packages.txt, or of another list.
missing_packages() {
  local wanted
  wanted=$(sed 's/ *#.*//; /^$/d' "$root/launcher/${1-packages}.txt" | sort)
  # shellcheck disable=SC2086  # one word per package
  comm -23 <(echo "$wanted") <(
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2> /dev/null | sed -n 's/^installed //p' | sort -u)
}

# Installs what is missing, as root or through sudo; otherwise prints the command to run and ends.
ensure_packages() {
  command -v dpkg-query > /dev/null ||
    fail "this launcher installs Debian 12 packages, and there is no dpkg here;" \
      "launcher/packages.txt lists what is needed"
  local missing
  missing=$(missing_packages | tr '\n' ' ')
  [[ -n $missing ]] || return 0

  local as_root=()
  if ((EUID != 0)); then
    sudo -n true 2> /dev/null || fail "packages are missing. Install them with
  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing% }"
    as_root=(sudo -n)
  fi
  say "installing ${missing% }"
  "${as_root[@]}" apt-get update -q
  # shellcheck disable=SC2086
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing
}
