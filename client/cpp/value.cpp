#include "client/cpp/value.hpp"

#include <algorithm>
#include <array>

#include "client/cpp/error.hpp"

namespace volley::client {

Dictionary::Dictionary() = default;
Dictionary::Dictionary(std::initializer_list<entry> entries) : entries_(entries) {}
Dictionary::Dictionary(const Dictionary&) = default;
Dictionary::Dictionary(Dictionary&&) noexcept = default;
Dictionary& Dictionary::operator=(const Dictionary&) = default;
Dictionary& Dictionary::operator=(Dictionary&&) noexcept = default;
Dictionary::~Dictionary() = default;

const Value* Dictionary::find(std::string_view key) const {
  const auto found = std::ranges::find(entries_, key, &entry::first);
  return found == entries_.end() ? nullptr : &found->second;
}

const Value& Dictionary::at(std::string_view key) const {
  if (const Value* found = find(key)) return *found;
  throw error("builtins.KeyError", std::string(key));
}

Value& Dictionary::operator[](std::string_view key) {
  const auto found = std::ranges::find(entries_, key, &entry::first);
  if (found != entries_.end()) return found->second;
  return entries_.emplace_back(std::string(key), Value()).second;
}

std::vector<Dictionary::entry>::const_iterator Dictionary::begin() const { return entries_.begin(); }
std::vector<Dictionary::entry>::const_iterator Dictionary::end() const { return entries_.end(); }
bool Dictionary::operator==(const Dictionary&) const = default;

Value::Value(const std::vector<Dictionary>& dictionaries)
    : value_variant(std::vector<Value>(dictionaries.begin(), dictionaries.end())) {}

namespace {

struct element_of {
  const Value& value;
  std::size_t i;
  Value operator()(const Booleans& column) const { return column[i] != 0; }
  Value operator()(const Column<std::int64_t>& column) const { return column[i]; }
  Value operator()(const Column<double>& column) const { return column[i]; }
  Value operator()(const std::vector<std::string>& texts) const { return texts[i]; }
  Value operator()(const std::vector<Value>& values) const { return values[i]; }
  Value operator()(const Matrix& matrix) const {
    const auto row = matrix.data.view().subspan(i * matrix.columns, matrix.columns);
    return Column<double>(matrix.data.owner(), row);
  }
  template <class Scalar> Value operator()(const Scalar&) const { throw_type_mismatch(value, "list"); }
};

struct length_of {
  const Value& value;
  template <class Number> std::size_t operator()(const Column<Number>& column) const { return column.size(); }
  template <class Entry> std::size_t operator()(const std::vector<Entry>& entries) const { return entries.size(); }
  std::size_t operator()(const EmptyVector&) const { return 0; }
  std::size_t operator()(const Matrix& matrix) const { return matrix.rows; }
  template <class Scalar> std::size_t operator()(const Scalar&) const { throw_type_mismatch(value, "list"); }
};

}  // namespace

Value Value::element(std::size_t i) const { return std::visit(element_of{*this, i}, variant()); }

std::size_t Value::length() const { return std::visit(length_of{*this}, variant()); }

bool operator==(const Value& a, const Value& b) {
  if (a.index() != b.index()) return false;
  const auto equals = [&]<class T>(const T& left) {
    if constexpr (std::same_as<T, Parameter>)
      return left.same_as(*b.get_if<T>());
    else
      return left == *b.get_if<T>();
  };
  return std::visit(equals, a.variant());
}

const char* type_name(const Value& v) {
  constexpr std::array<const char*, std::variant_size_v<value_variant>> names = {
      "None",       "bool",           "int",         "float",         "str",
      "empty list", "list of bool",   "list of int", "list of float", "list of str",
      "matrix",     "NodeCollection", "Parameter",   "dict",          "list"};
  return names[v.index()];
}

void throw_type_mismatch(const Value& got, const char* wanted) {
  throw error("TypeMismatch", std::string("expected ") + wanted + ", got " + type_name(got));
}

}  // namespace volley::client
