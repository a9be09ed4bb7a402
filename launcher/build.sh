# The product: the server and the Python packages, staged below .build/ so that the source tree stays clean.

build_folder="$root/.build"
product="$build_folder/product"

# Prints a digest of what the product is made from: names, sizes and times of all sources. Any edit, addition or
# deletion changes it; the price is one walk over the tree, so Bazel is not started where nothing changed.
source_digest() {
  local sources=(WORKSPACE BUILD .bazelrc .bazelignore bazel launcher actors client models protocol runtime)
  (cd "$root" && { find "${sources[@]}" -name __pycache__ -prune -o \
    -type f ! -name '*.md' -printf '%p %s %T@\n' 2> /dev/null || true; } | sort | sha256sum)
}

product_is_current() {
  [[ -d $product && -f $build_folder/digest && $(< "$build_folder/digest") == "$1" ]]
}

# Runs Bazel in the repository, with progress on a terminal. The first argument is the command. Bazel's server outlives
# the launcher, so it must not inherit the lock.
run_bazel() {
  local command=$1 progress=()
  shift
  [[ -t 2 ]] && progress=(--show_progress)
  (cd "$root" && bazel "$command" "${progress[@]}" "$@" 9>&-)
}

# Copies the product to its place: python/ holds the packages and the extension, bin/ the programs, demo/ the demos.
# Running processes keep what they have open, because the old files are unlinked and not written over.
stage_product() {
  local next="$build_folder/next" from
  from=$(run_bazel info bazel-bin 2> /dev/null)
  rm -rf "$next" && mkdir -p "$next/python" "$next/bin"
  cp -r "$root"/client/python/{volley,nest} "$next/python/"
  cp -r "$root/client/python/demo" "$next/"
  install -m 644 "$from/client/python/volley/models.json" "$next/python/volley/"
  (cd "$next/python" && PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -c \
    'from volley.model_pages import write_pages; write_pages("volley/doc/html")')
  install -m 755 "$from/client/python/"{_volley,_volley_mpi}.so "$next/python/"
  install -m 755 "$from/actors/volley_server" "$next/bin/volley-server"
  ln -s ../../../volley "$next/bin/volley"
  local name
  for name in nest-server nest-server-mpi; do
    printf '#!/bin/sh\nexec "$(dirname "$0")/volley" %s "$@"\n' "$name" > "$next/bin/$name"
    chmod 755 "$next/bin/$name"
  done
  # A virtual environment or pyenv may put another python3 first, without the packages that the extension was built for.
  ln -s /usr/bin/python3 "$next/bin/python3"
  rm -rf "$product" && mv "$next" "$product"
}

# Packages, Bazel, staging. The digest was taken before, so an edit during the build makes the product outdated again.
make_product() {
  ensure_packages
  say "building (the first time takes some minutes)"
  run_bazel build //actors:volley_server //client/python:_volley //client/python:_volley_mpi.so \
    //client/python:models ||
    fail "the build failed; ./volley doctor shows what this machine has"
  stage_product
  echo "$1" > "$build_folder/digest"
}

# Brings the product up to date: at once if nothing changed. Launchers that run at once wait for each other.
build_product() {
  local digest
  digest=$(source_digest)
  product_is_current "$digest" && return
  mkdir -p "$build_folder"
  (
    flock 9
    product_is_current "$digest" || make_product "$digest"
  ) 9> "$build_folder/lock"
}
