#include "client/cpp/sonata/hdf5_input.hpp"

#include <hdf5.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <concepts>
#include <filesystem>

#include "client/cpp/error.hpp"

namespace volley::client::sonata {
namespace {

/// One of the library's handles; it says nothing on the terminal while one is made.
class handle {
 public:
  template <class Open> handle(Open&& open, herr_t (*close)(hid_t)) : close_(close) {
    H5E_auto2_t shows = nullptr;
    void* where = nullptr;
    H5Eget_auto2(H5E_DEFAULT, &shows, &where);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    id_ = open();
    H5Eset_auto2(H5E_DEFAULT, shows, where);
  }
  ~handle() {
    if (id_ >= 0) close_(id_);
  }
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  explicit operator bool() const { return id_ >= 0; }
  hid_t id() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

hid_t id_of(const std::shared_ptr<const void>& open) { return static_cast<const handle*>(open.get())->id(); }

handle object(hid_t file, const std::string& path) {
  return {[&] { return H5Oopen(file, path.c_str(), H5P_DEFAULT); }, H5Oclose};
}
handle dataset(hid_t file, const std::string& path) {
  return {[&] { return H5Dopen2(file, path.c_str(), H5P_DEFAULT); }, H5Dclose};
}
handle space_of(const handle& set) {
  return {[&] { return H5Dget_space(set.id()); }, H5Sclose};
}
handle type_of(const handle& set) {
  return {[&] { return H5Dget_type(set.id()); }, H5Tclose};
}

bool has_numbers(const handle& type) {
  const auto kind = H5Tget_class(type.id());
  return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

/// What is at a path, for messages.
std::string what(hid_t file, const std::string& path) {
  if (!object(file, path)) return "missing";
  const auto set = dataset(file, path);
  if (!set) return "a group";
  const auto space = space_of(set), type = type_of(set);
  const auto dimensions = std::to_string(H5Sget_simple_extent_ndims(space.id()));
  const bool is_text = H5Tget_class(type.id()) == H5T_STRING;
  return (has_numbers(type) ? "numbers"
          : is_text         ? "text"
                            : "neither numbers nor text") +
         (" of " + dimensions + " dimensions");
}

/// Rows of a column of numbers; none for anything else.
std::optional<std::uint64_t> rows_of(hid_t file, const std::string& path) {
  if (!object(file, path)) return std::nullopt;
  const auto set = dataset(file, path);
  if (!set) return std::nullopt;
  const auto space = space_of(set), type = type_of(set);
  if (!has_numbers(type) || H5Sget_simple_extent_ndims(space.id()) != 1) return std::nullopt;
  hsize_t rows = 0;
  H5Sget_simple_extent_dims(space.id(), &rows, nullptr);
  return rows;
}

std::string text_in(const handle& attribute) {
  const handle type([&] { return H5Aget_type(attribute.id()); }, H5Tclose);
  if (H5Tget_class(type.id()) != H5T_STRING) return "";
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute.id(), type.id(), &text) < 0 || text == nullptr) return "";
    const std::string copy(text);
    H5free_memory(text);
    return copy;
  }
  std::string text(H5Tget_size(type.id()), '\0');
  if (H5Aread(attribute.id(), type.id(), text.data()) < 0) return "";
  return text.substr(0, text.find('\0'));
}

}  // namespace

hdf5_input::hdf5_input(const std::string& file) : file_(file) {
  if (!std::filesystem::exists(file)) throw error("builtins.FileNotFoundError", "'" + file + "' does not exist");
  errno = 0;
  auto opened = std::make_shared<handle>([&] { return H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT); }, H5Fclose);
  if (!*opened)
    throw errno == EAGAIN ? error("builtins.BlockingIOError", "'" + file + "' is locked by another process")
                          : error("builtins.OSError", "'" + file + "' is no HDF5 file that can be read");
  open_ = std::move(opened);
}

bool hdf5_input::has(const std::string& path) const { return bool(object(id_of(open_), path)); }

std::vector<std::string> hdf5_input::members(const std::string& group) const {
  std::vector<std::string> names;
  const handle opened([&] { return H5Gopen2(id_of(open_), group.c_str(), H5P_DEFAULT); }, H5Gclose);
  if (!opened) return names;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* to) -> herr_t {
    static_cast<std::vector<std::string>*>(to)->emplace_back(name);
    return 0;
  };
  H5Literate(opened.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names);
  return names;
}

void hdf5_input::refuse(const std::string& path, const char* wanted) const {
  throw error("KernelException",
              "'" + file_ + "': /" + path + " is " + what(id_of(open_), path) + "; it must be " + wanted);
}

void hdf5_input::need_group(const std::string& path) const {
  const handle opened([&] { return H5Gopen2(id_of(open_), path.c_str(), H5P_DEFAULT); }, H5Gclose);
  if (!opened) refuse(path, "a group");
}

bool hdf5_input::is_whole(const std::string& path) const {
  return H5Tget_class(type_of(dataset(id_of(open_), path)).id()) != H5T_FLOAT;
}

std::uint64_t hdf5_input::rows(const std::string& path) const {
  if (const auto rows = rows_of(id_of(open_), path)) return *rows;
  refuse(path, "a column of numbers");
}

std::uint64_t hdf5_input::rows(const std::string& group, std::initializer_list<const char*> columns) const {
  const std::string first = *columns.begin();
  const auto count = rows(group + "/" + first);
  for (const std::string column : columns)
    if (const auto path = group + "/" + column; has(path) && rows(path) != count)
      throw error("KernelException", "'" + file_ + "': /" + group + ": " + first + " has " + std::to_string(count) +
                                         " rows, but " + column + " has " + std::to_string(rows(path)));
  return count;
}

template <class T>
std::vector<T> hdf5_input::read(const std::string& path, std::uint64_t first, std::uint64_t count) const {
  const auto there = rows(path);
  if (first > there || count > there - first)
    throw error("KernelException", "'" + file_ + "': /" + path + " has " + std::to_string(there) + " rows, but row " +
                                       std::to_string(first + count - 1) + " is asked for");
  std::vector<T> numbers(count);
  if (count == 0) return numbers;
  const auto set = dataset(id_of(open_), path);
  const auto in_file = space_of(set);
  const hsize_t begin = first, size = count;
  H5Sselect_hyperslab(in_file.id(), H5S_SELECT_SET, &begin, nullptr, &size, nullptr);
  const handle here([&] { return H5Screate_simple(1, &size, nullptr); }, H5Sclose);
  const auto type = std::same_as<T, double> ? H5T_NATIVE_DOUBLE : H5T_NATIVE_INT64;
  if (H5Dread(set.id(), type, here.id(), in_file.id(), H5P_DEFAULT, numbers.data()) < 0)
    throw error("builtins.OSError", "'" + file_ + "': " + path + " cannot be read");
  return numbers;
}

std::vector<double> hdf5_input::reals(const std::string& path, std::uint64_t first, std::uint64_t count) const {
  return read<double>(path, first, count);
}

std::vector<std::int64_t> hdf5_input::integers(const std::string& path, std::uint64_t first,
                                               std::uint64_t count) const {
  rows(path);  // refuses what is no column
  if (is_whole(path)) return read<std::int64_t>(path, first, count);
  std::vector<std::int64_t> all;
  for (const double x : read<double>(path, first, count)) {
    if (!(std::abs(x) < 0x1p63) || x != std::trunc(x))
      throw error("KernelException",
                  "'" + file_ + "': /" + path + " has " + std::to_string(x) + ", which is no whole number");
    all.push_back(static_cast<std::int64_t>(x));
  }
  return all;
}

std::optional<std::string> hdf5_input::attribute(const std::string& path, const char* name) const {
  const handle found([&] { return H5Aopen_by_name(id_of(open_), path.c_str(), name, H5P_DEFAULT, H5P_DEFAULT); },
                     H5Aclose);
  if (!found) return std::nullopt;
  return text_in(found);
}

}  // namespace volley::client::sonata
