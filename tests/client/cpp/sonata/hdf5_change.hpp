// Changes of HDF5 files, for tests of what is wrong in them.
#pragma once
#include <hdf5.h>

#include <string>
#include <vector>

namespace volley::client::sonata::tests {

class hdf5_change {
 public:
  explicit hdf5_change(const std::string& file) : file_(H5Fopen(file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT)) {}
  ~hdf5_change() { H5Fclose(file_); }
  hdf5_change(const hdf5_change&) = delete;

  void remove(const std::string& path) const {
    if (H5Lexists(file_, path.c_str(), H5P_DEFAULT) > 0) H5Ldelete(file_, path.c_str(), H5P_DEFAULT);
  }
  /// Puts a dataset, of zeros but the first value, in place of what is there. No dimensions: a scalar.
  void put(const std::string& path, const std::vector<hsize_t>& dimensions, hid_t type = H5T_NATIVE_DOUBLE,
           double first = 1.0) const {
    remove(path);
    const auto space = dimensions.empty()
                           ? H5Screate(H5S_SCALAR)
                           : H5Screate_simple(static_cast<int>(dimensions.size()), dimensions.data(), nullptr);
    const auto set = H5Dcreate2(file_, path.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    std::vector<double> values(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    values.front() = first;
    if (H5Tget_class(type) != H5T_STRING)
      H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(set);
    H5Sclose(space);
  }
  void remove_attribute(const std::string& path, const char* name) const {
    H5Adelete_by_name(file_, path.c_str(), name, H5P_DEFAULT);
  }

 private:
  hid_t file_;
};

}  // namespace volley::client::sonata::tests
