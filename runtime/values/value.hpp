// Values of the API inside the kernel: scalars, typed columns, node ranges, expression trees, dictionaries.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace volley::runtime {

class parameter;  // an expression tree, runtime/values/parameter.hpp
struct value;

/// Ids first, first + step, ..., last (last is included and reached).
struct node_range {
  std::uint64_t first = 0, last = 0, step = 1;
  std::uint64_t size() const { return (last - first) / step + 1; }
  bool is_reached() const { return step != 0 && first <= last && (last - first) % step == 0; }
  bool operator==(const node_range&) const = default;
};

/// A NodeCollection: ascending, disjoint ranges, valid in one generation of the kernel (its resets are counted).
struct node_set {
  std::uint64_t generation = 0;
  std::vector<node_range> ranges;
  std::uint64_t size() const;
  bool empty() const { return ranges.empty(); }
  std::uint64_t operator[](std::uint64_t position) const;
  bool contains(std::uint64_t id) const;
  bool operator==(const node_set&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(generation, ranges);
    if constexpr (Snapshot::loads)
      for (const auto& range : ranges)
        if (!range.is_reached()) s.refuse();
  }
};

/// Ascending ids, none twice, as ranges.
std::vector<node_range> ranges_of(const std::vector<std::uint64_t>& ids);

/// A vector whose element type nobody has said yet (Python's []).
struct empty_vector {
  bool operator==(const empty_vector&) const = default;
  template <class Snapshot> void snapshot(Snapshot&) {}
};

/// Row-major. A list of matrices of one shape is an array of three axes.
struct matrix {
  std::uint64_t rows = 0, columns = 0;
  std::vector<double> data;
  bool operator==(const matrix&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s(rows, columns, data);
    if constexpr (Snapshot::loads)
      if (columns == 0 ? !data.empty() : data.size() / columns != rows || data.size() % columns != 0) s.refuse();
  }
};

/// Truth values of several nodes or connections, one byte each.
struct booleans {
  std::vector<std::uint8_t> data;
  bool operator==(const booleans&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(data); }
};

/// Key-value pairs in the caller's order.
class dictionary {
 public:
  using entry = std::pair<std::string, value>;
  dictionary();
  dictionary(std::initializer_list<entry>);
  dictionary(const dictionary&);
  dictionary(dictionary&&) noexcept;
  dictionary& operator=(const dictionary&);
  dictionary& operator=(dictionary&&) noexcept;
  ~dictionary();

  const value* find(std::string_view key) const;  ///< null when absent
  value& operator[](std::string_view key);        ///< appended when absent
  bool erase(std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  bool operator==(const dictionary&) const;
  template <class Snapshot> void snapshot(Snapshot& s) { s(entries_); }

 private:
  std::vector<entry> entries_;
};

using parameter_ref = std::shared_ptr<const parameter>;

struct value : std::variant<std::monostate, bool, std::int64_t, double, std::string, empty_vector, booleans,
                            std::vector<std::int64_t>, std::vector<double>, std::vector<std::string>, matrix, node_set,
                            parameter_ref, dictionary, std::vector<value>> {
  using variant::variant;
  value();
  value(const value&);
  value(value&&) noexcept;
  value& operator=(const value&);
  value& operator=(value&&) noexcept;
  ~value();
  value(const char* text) : variant(std::string(text)) {}
  value(int number) : variant(std::int64_t{number}) {}

  template <class T> const T* get_if() const { return std::get_if<T>(static_cast<const variant*>(this)); }
  template <class T> T* get_if() { return std::get_if<T>(static_cast<variant*>(this)); }
  template <class T> bool is() const { return std::holds_alternative<T>(static_cast<const variant&>(*this)); }
  bool is_none() const { return is<std::monostate>(); }
  template <class Snapshot> void snapshot(Snapshot& s) { s(static_cast<variant&>(*this)); }
};

/// The number that a number or a truth value stands for; nothing for other values.
std::optional<double> number_of(const value& v);

/// "int", "float", "str", "list of float", ...: for messages.
const char* type_name(const value& v);

/// The value as text for messages, cut at 60 characters: 0.5, "abc", [1, 2, ...].
std::string to_text(const value& v);

}  // namespace volley::runtime
