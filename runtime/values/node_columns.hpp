// Values of several nodes by key, as they come together from devices and shards: typed columns while every node has the
// key and the values are numbers of one kind, lists with gaps otherwise.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The values of one key for some rows (nodes, by position in the request).
struct column_part {
  std::string key;
  std::vector<std::uint64_t> rows;
  value values;  ///< a column of one entry a row, or a list
  template <class Snapshot> void snapshot(Snapshot& s) { s(key, rows, values); }
};

class node_columns {
 public:
  /// `keys`: the wanted ones; none means all. `of`: what a message calls the rows.
  node_columns(std::uint64_t rows, std::vector<std::string> keys, const char* of = "these nodes")
      : rows_(rows), keys_(std::move(keys)), of_(of) {}

  const std::vector<std::string>& keys() const { return keys_; }
  bool wants(std::string_view key) const;
  /// True when all rows have all wanted keys; false where all keys are wanted.
  bool complete() const;
  // Unwanted keys are ignored.

  /// Rows have this key, whether or not somebody puts values.
  void note(std::string_view key);
  void put(std::string_view key, std::uint64_t row, value v);
  void put(const column_part& part);

  /// One entry a key. Errors: builtins.KeyError for a wanted key that no row has.
  dictionary take();
  /// The same without the wanted keys that no node has.
  dictionary take_known();

 private:
  struct column {
    std::vector<double> reals;
    std::vector<std::int64_t> integers;
    std::vector<std::uint8_t> flags;
    std::vector<value> mixed;
    std::vector<std::uint8_t> filled;
    enum class form { none, reals, integers, flags, mixed } kind = form::none;
    std::uint64_t count = 0;
  };
  column& column_of(std::string_view key);
  void put_one(column& c, std::uint64_t row, value v);
  void generalise(column& c) const;

  std::uint64_t rows_;
  std::vector<std::string> keys_;
  const char* of_;
  std::vector<std::string> order_;
  std::map<std::string, column, std::less<>> columns_;
};

}  // namespace volley::runtime
