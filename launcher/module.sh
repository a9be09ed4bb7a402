# Modules: shared libraries of models of one's own, which nest.Install loads.

# Prints "NAME", ... for the files NAME.hpp of a folder.
model_names() {
  local file
  for file in "$1"/*.hpp; do
    [[ -e $file ]] || continue
    file=$(basename "$file" .hpp)
    [[ $file =~ ^[a-z][a-z0-9_]*$ ]] ||
      fail "$1/$file.hpp: the file of a model is called as the model, in small letters"
    echo -n "\"$file\", "
  done
}

# build-module DIR [FOLDER]: DIR has neurons/NAME.hpp and synapses/NAME.hpp; FOLDER gets the library.
build_module() {
  (($# == 1 || $# == 2)) || fail "build-module takes a folder: ./volley build-module DIR [FOLDER]"
  [[ -d $1 ]] || fail "there is no folder $1"
  local from name folder=${2-$build_folder/modules} staged neurons synapses
  from=$(realpath "$1")
  name=$(basename "$from")
  [[ $name =~ ^[a-z][a-z0-9_]*$ ]] || fail "a module is called as its folder, in small letters; $name is no such name"
  neurons=$(model_names "$from/neurons")
  synapses=$(model_names "$from/synapses")
  [[ -n $neurons$synapses ]] || fail "$1 has neither neurons/NAME.hpp nor synapses/NAME.hpp"
  ensure_packages

  staged="$build_folder/module_sources/$name"
  rm -rf "$staged" && mkdir -p "$staged" "$folder"
  (cd "$from" && find . -name '*.hpp' -exec cp --parents {} "$staged" \;)
  touch "$staged/WORKSPACE"
  cat > "$staged/BUILD" << TEXT
load("@volley//bazel:module.bzl", "volley_module")

volley_module(
    name = "$name",
    neurons = [$neurons],
    synapses = [$synapses],
)
TEXT
  run_bazel build "@volley_module//:$name.so" "--override_repository=volley_module=$staged" ||
    fail "the module $name could not be built"
  # A kernel that has the library loaded keeps the old file.
  install -m 755 "$(run_bazel info bazel-bin 2> /dev/null)/external/volley_module/$name.so" "$folder/.$name.so"
  mv "$folder/.$name.so" "$folder/$name.so"
  say "$folder/$name.so; nest.Install(\"$name\") loads it"
}
