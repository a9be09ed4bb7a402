// Values of the PyNEST API in the client: scalars, typed columns, nodes, parameters, dictionaries.
#pragma once
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "client/cpp/column.hpp"
#include "client/cpp/node_collection.hpp"
#include "client/cpp/parameter.hpp"

namespace volley::client {

/// A vector whose element type nobody has said (Python's []).
struct EmptyVector {
  bool operator==(const EmptyVector&) const = default;
};

/// Truth values of several nodes or connections, one byte each: 0 or 1.
using Booleans = Column<std::uint8_t>;

/// Row-major.
struct Matrix {
  std::uint64_t rows = 0, columns = 0;
  Column<double> data;
  bool operator==(const Matrix&) const = default;
};

/// Key-value pairs in the caller's order.
class Dictionary {
 public:
  using entry = std::pair<std::string, Value>;
  Dictionary();
  Dictionary(std::initializer_list<entry> entries);
  Dictionary(const Dictionary&);
  Dictionary(Dictionary&&) noexcept;
  Dictionary& operator=(const Dictionary&);
  Dictionary& operator=(Dictionary&&) noexcept;
  ~Dictionary();

  /// Null when absent.
  const Value* find(std::string_view key) const;
  /// Throws builtins.KeyError when absent.
  const Value& at(std::string_view key) const;
  /// Appended as none when absent.
  Value& operator[](std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  std::vector<entry>::const_iterator begin() const;
  std::vector<entry>::const_iterator end() const;
  bool operator==(const Dictionary&) const;

 private:
  std::vector<entry> entries_;
};

using value_variant = std::variant<std::monostate, bool, std::int64_t, double, std::string, EmptyVector, Booleans,
                                   Column<std::int64_t>, Column<double>, std::vector<std::string>, Matrix,
                                   NodeCollection, Parameter, Dictionary, std::vector<Value>>;

struct Value : value_variant {
  using value_variant::value_variant;
  Value(const char* text) : value_variant(std::string(text)) {}
  Value(std::string_view text) : value_variant(std::string(text)) {}
  Value(int number) : value_variant(std::int64_t{number}) {}
  Value(unsigned number) : value_variant(std::int64_t{number}) {}
  Value(std::size_t number) : value_variant(static_cast<std::int64_t>(number)) {}
  Value(const std::vector<Dictionary>& dictionaries);

  template <class T> bool is() const { return std::holds_alternative<T>(variant()); }
  template <class T> const T* get_if() const { return std::get_if<T>(&variant()); }
  bool is_none() const { return is<std::monostate>(); }

  /// The value as T. Throws TypeMismatch naming both types. `as<double>` takes an integer too.
  template <class T> T as() const;

  /// The i-th entry of a column, matrix row or list. Throws TypeMismatch for scalars. REQUIRES: i < length().
  Value element(std::size_t i) const;
  /// Entries of a column or list, rows of a matrix. Throws TypeMismatch for scalars.
  std::size_t length() const;

  const value_variant& variant() const { return *this; }
};

bool operator==(const Value& a, const Value& b);

/// "int", "float", "str", "list of float", ...: for messages.
const char* type_name(const Value& v);

[[noreturn]] void throw_type_mismatch(const Value& got, const char* wanted);

template <class T> T Value::as() const {
  if (const T* held = get_if<T>()) return *held;
  if constexpr (std::same_as<T, double>)
    if (const auto* integer = get_if<std::int64_t>()) return static_cast<double>(*integer);
  throw_type_mismatch(*this, type_name(Value(T{})));
}

}  // namespace volley::client
