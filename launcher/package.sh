# Packages of the product, for machines without a compiler.

# package [FOLDER]: a wheel and a .deb. Their names are printed.
package_product() {
  (($# < 2)) || fail "package takes one folder: ./volley package [FOLDER]"
  command -v dpkg-deb > /dev/null || fail "there is no dpkg-deb here, which makes the .deb"
  build_product
  /usr/bin/python3 "$root/launcher/make_packages.py" "$product" "${1-$build_folder/packages}"
}
