// What SONATA files hold, read by the HDF5 library: groups, columns of numbers read in parts, texts of attributes.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace volley::client::sonata {

/// An open file. Paths of groups and columns go from its root. Thread safety: none, as of the library.
class hdf5_input {
 public:
  /// Throws builtins.FileNotFoundError, builtins.BlockingIOError where another process has locked the file,
  /// builtins.OSError where it is none.
  explicit hdf5_input(const std::string& file);

  const std::string& file() const { return file_; }
  bool has(const std::string& path) const;
  /// Names in a group, sorted; none where it is not there.
  std::vector<std::string> members(const std::string& group) const;
  /// Throws KernelException where there is no group of that name.
  void need_group(const std::string& path) const;

  /// True for a column of integers.
  bool is_whole(const std::string& path) const;
  /// Rows of a column of numbers: one dimension. Throws KernelException where there is none of that name.
  std::uint64_t rows(const std::string& path) const;
  /// Rows that columns of a group have alike; only the first must be there. Throws KernelException.
  std::uint64_t rows(const std::string& group, std::initializer_list<const char*> columns) const;
  /// `count` rows from `first` on. Throws KernelException where the column has not so many, or fractions for integers.
  std::vector<double> reals(const std::string& path, std::uint64_t first, std::uint64_t count) const;
  std::vector<std::int64_t> integers(const std::string& path, std::uint64_t first, std::uint64_t count) const;
  std::vector<std::int64_t> integers(const std::string& path) const { return integers(path, 0, rows(path)); }

  /// An attribute that is a text; none where it is not there.
  std::optional<std::string> attribute(const std::string& path, const char* name) const;

 private:
  /// Throws KernelException: what is at a path, and what must be there.
  [[noreturn]] void refuse(const std::string& path, const char* wanted) const;
  template <class T> std::vector<T> read(const std::string& path, std::uint64_t first, std::uint64_t count) const;

  std::string file_;
  std::shared_ptr<const void> open_;  // the library's handle
};

}  // namespace volley::client::sonata
