// A file in the HDF5 format that grows: groups with attributes, tables as they are at the end, and columns that get
// rows run after run. Chunks of columns stand where they are; what describes them is written anew behind the last
// chunk each time, so that a file is whole after every save.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "runtime/devices/hdf5_format.hpp"
#include "runtime/devices/record_file.hpp"

namespace volley::runtime::hdf5 {

/// Numbers in one or two dimensions, which grow in both. Values are stored as their 64 bits.
class growing_columns {
 public:
  growing_columns() = default;
  /// `of`: u64, or f64, which is NaN where nothing was put. `columns_of_chunk` 0: one dimension.
  growing_columns(number of, std::uint32_t rows_of_chunk, std::uint32_t columns_of_chunk);

  /// REQUIRES: the row is not in a chunk before that of the last one that was put.
  void put(std::uint64_t row, std::uint64_t column, std::uint64_t bits);
  /// At least so many rows.
  void extend(std::uint64_t rows) { rows_ = std::max(rows_, rows); }
  std::uint64_t rows() const { return rows_; }
  std::uint64_t columns() const { return columns_; }

  /// Writes chunks that have changed; new ones stand from `end` on, which moves. Errors: IOError.
  void write(record_file& to, std::uint64_t& end);
  /// What was written need not be written again.
  void forget_written();

  number of() const { return of_; }
  bool is_flat() const { return columns_of_chunk_ == 0; }
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(of_, number::f64);
    s(rows_of_chunk_, columns_of_chunk_, rows_, columns_, pending_, addresses_);
  }
  std::vector<std::uint64_t> extent() const;
  std::vector<std::uint32_t> chunk() const;
  std::vector<chunk_place> places() const;

 private:
  using position = std::pair<std::uint64_t, std::uint64_t>;  ///< in chunks
  std::uint64_t width() const { return is_flat() ? 1 : columns_of_chunk_; }

  number of_ = number::f64;
  std::uint32_t rows_of_chunk_ = 1, columns_of_chunk_ = 0;
  std::uint64_t rows_ = 0, columns_ = 0;
  std::map<position, std::string> pending_;  ///< chunks that have changed, and those that may still do
  std::map<position, std::uint64_t> addresses_;
};

struct choice {
  std::vector<std::string_view> names;
  std::uint8_t place;
};
/// A text, a number, several numbers, or one of some names.
struct attribute {
  std::string name;
  std::variant<std::string, std::uint32_t, std::vector<std::uint32_t>, choice> value;
};

/// Numbers that do not grow, as they stand in memory.
struct table {
  number of;
  std::uint64_t size;
  std::string data;
};

struct member;
/// A group, a table, or columns, which must outlive it.
struct object {
  std::vector<attribute> attributes;
  std::variant<std::vector<member>, table, growing_columns*> content;
};
struct member {
  std::string name;
  object what;
};

class file {
 public:
  /// Writes all. The columns are always those of earlier calls, and new ones.
  /// Errors: IOError; the file is then as it was before, as far as the disk takes it.
  void save(record_file& to, const object& root);
  template <class Snapshot> void snapshot(Snapshot& s) { s(end_, described_at_, description_); }

 private:
  std::uint64_t end_ = superblock_size;  ///< of the chunks
  std::uint64_t described_at_ = 0;
  std::string description_;  ///< what stands there
};

}  // namespace volley::runtime::hdf5
