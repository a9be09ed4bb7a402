// What libhdf5 reads of a file: an independent judge of what we write.
#pragma once
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstdint>
#include <string>
#include <vector>

namespace volley::runtime::tests {

class hdf5_reader {
 public:
  explicit hdf5_reader(const std::string& path) : file_(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {
    EXPECT_GE(file_, 0) << path;
  }
  ~hdf5_reader() { H5Fclose(file_); }
  hdf5_reader(const hdf5_reader&) = delete;

  bool has(const std::string& path) const {
    htri_t found = 0;
    H5E_BEGIN_TRY { found = H5Oexists_by_name(file_, path.c_str(), H5P_DEFAULT); }
    H5E_END_TRY;
    return found > 0;
  }
  std::vector<hsize_t> extent(const std::string& path) const {
    const auto set = H5Dopen2(file_, path.c_str(), H5P_DEFAULT);
    const auto space = H5Dget_space(set);
    std::vector<hsize_t> lengths(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, lengths.data(), nullptr);
    H5Sclose(space);
    H5Dclose(set);
    return lengths;
  }
  std::vector<double> reals(const std::string& path) const { return read<double>(path, H5T_NATIVE_DOUBLE); }
  std::vector<std::uint64_t> counts(const std::string& path) const {
    return read<std::uint64_t>(path, H5T_NATIVE_UINT64);
  }
  /// An attribute that is a text of any length.
  std::string text(const std::string& path, const char* name) const {
    const auto attribute = H5Aopen_by_name(file_, path.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    const auto type = H5Aget_type(attribute);
    char* found = nullptr;
    EXPECT_GE(H5Aread(attribute, type, &found), 0) << path << " " << name;
    const std::string copy(found == nullptr ? "" : found);
    H5free_memory(found);
    H5Tclose(type);
    H5Aclose(attribute);
    return copy;
  }
  /// An attribute of whole numbers.
  std::vector<std::uint32_t> numbers(const std::string& path, const char* name) const {
    const auto attribute = H5Aopen_by_name(file_, path.c_str(), name, H5P_DEFAULT, H5P_DEFAULT);
    const auto space = H5Aget_space(attribute);
    std::vector<std::uint32_t> found(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    EXPECT_GE(H5Aread(attribute, H5T_NATIVE_UINT32, found.data()), 0) << path << " " << name;
    H5Sclose(space);
    H5Aclose(attribute);
    return found;
  }
  /// An attribute that is one of some names.
  std::string name(const std::string& path, const char* which) const {
    const auto attribute = H5Aopen_by_name(file_, path.c_str(), which, H5P_DEFAULT, H5P_DEFAULT);
    const auto type = H5Aget_type(attribute);
    std::uint8_t value = 0;
    char found[64] = "";
    EXPECT_GE(H5Aread(attribute, type, &value), 0);
    EXPECT_GE(H5Tenum_nameof(type, &value, found, sizeof found), 0);
    H5Tclose(type);
    H5Aclose(attribute);
    return found;
  }

 private:
  template <class T> std::vector<T> read(const std::string& path, hid_t type) const {
    std::size_t n = 1;
    for (const auto length : extent(path)) n *= length;
    std::vector<T> values(n);
    const auto set = H5Dopen2(file_, path.c_str(), H5P_DEFAULT);
    EXPECT_GE(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), 0) << path;
    H5Dclose(set);
    return values;
  }

  hid_t file_;
};

}  // namespace volley::runtime::tests
