#include "runtime/space/number_lists.hpp"

namespace volley::runtime {

std::optional<std::vector<double>> numbers_in(const value& v) {
  if (const auto* reals = v.get_if<std::vector<double>>()) return *reals;
  if (const auto* integers = v.get_if<std::vector<std::int64_t>>())
    return std::vector<double>(integers->begin(), integers->end());
  if (v.is<empty_vector>()) return std::vector<double>{};
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr) return std::nullopt;
  std::vector<double> numbers;
  for (const value& one : *list) {
    const auto x = number_of(one);
    if (!x) return std::nullopt;
    numbers.push_back(*x);
  }
  return numbers;
}

std::optional<std::vector<std::int64_t>> integers_in(const value& v) {
  if (const auto* integers = v.get_if<std::vector<std::int64_t>>()) return *integers;
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr) return std::nullopt;
  std::vector<std::int64_t> integers;
  for (const value& one : *list) {
    const auto* i = one.get_if<std::int64_t>();
    if (i == nullptr) return std::nullopt;
    integers.push_back(*i);
  }
  return integers;
}

std::optional<matrix> rows_in(const value& v) {
  if (const auto* m = v.get_if<matrix>()) return *m;
  if (v.is<empty_vector>()) return matrix{};
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr) return std::nullopt;
  matrix rows;
  for (const value& one : *list) {
    const auto row = numbers_in(one);
    if (!row || (rows.rows != 0 && row->size() != rows.columns)) return std::nullopt;
    rows.columns = row->size();
    ++rows.rows;
    rows.data.insert(rows.data.end(), row->begin(), row->end());
  }
  return rows;
}

}  // namespace volley::runtime
