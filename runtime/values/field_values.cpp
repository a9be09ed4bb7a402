#include "runtime/values/field_values.hpp"

#include <algorithm>
#include <cmath>

namespace volley::runtime {

using models::field;
using models::field_kind;

std::optional<double> stored(const field& f, const value& v) {
  switch (f.kind) {
    case field_kind::real: return number_of(v);
    case field_kind::flag: return v.is<bool>() ? number_of(v) : std::nullopt;
    case field_kind::integer: return v.is<std::int64_t>() ? number_of(v) : std::nullopt;
    case field_kind::choice: break;
  }
  const auto* text = v.get_if<std::string>();
  const auto at = text == nullptr ? f.choices.end() : std::ranges::find(f.choices, *text);
  if (at == f.choices.end()) return std::nullopt;
  return static_cast<double>(at - f.choices.begin());
}

std::optional<std::vector<double>> stored_list(const field& f, const value& v) {
  const auto kind = f.kind;
  if (const auto* x = v.get_if<std::vector<double>>(); x && kind == field_kind::real) return *x;
  if (const auto* i = v.get_if<std::vector<std::int64_t>>();
      i && (kind == field_kind::real || kind == field_kind::integer))
    return std::vector<double>(i->begin(), i->end());
  if (const auto* b = v.get_if<booleans>(); b && (kind == field_kind::real || kind == field_kind::flag))
    return std::vector<double>(b->data.begin(), b->data.end());
  if (v.is<empty_vector>()) return std::vector<double>();
  std::vector<double> result;
  const auto add = [&](const value& element) {
    const auto x = element.is_none() ? 0.0 : stored(f, element);
    if (x) result.push_back(*x);
    return x.has_value();
  };
  if (const auto* texts = v.get_if<std::vector<std::string>>())
    return std::ranges::all_of(*texts, add) ? std::optional(std::move(result)) : std::nullopt;
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr || !std::ranges::all_of(*list, add)) return std::nullopt;
  return result;
}

value shown(const field& f, double number) {
  switch (f.kind) {
    case field_kind::real: return number;
    case field_kind::flag: return number != 0;
    case field_kind::integer: return static_cast<std::int64_t>(number);
    case field_kind::choice: break;
  }
  return std::string(f.choices[static_cast<std::size_t>(number)]);
}

value shown_column(const field& f, const std::vector<double>& numbers) {
  switch (f.kind) {
    case field_kind::real: return numbers;
    case field_kind::flag: return booleans{{numbers.begin(), numbers.end()}};
    case field_kind::integer: return std::vector<std::int64_t>(numbers.begin(), numbers.end());
    case field_kind::choice: break;
  }
  std::vector<std::string> texts;
  for (const double x : numbers) texts.emplace_back(f.choices[static_cast<std::size_t>(x)]);
  return texts;
}

std::string wanted(const field& f) {
  switch (f.kind) {
    case field_kind::real: return "a float";
    case field_kind::flag: return "a bool";
    case field_kind::integer: return "an int";
    case field_kind::choice: break;
  }
  std::string names;
  for (const auto& choice : f.choices) names += (names.empty() ? "'" : ", '") + std::string(choice) + "'";
  return "one of " + names;
}

std::string bounds(const field& f) {
  std::string text = "must be ";
  if (f.range != models::bound::none) text += f.range == models::bound::positive ? "> 0" : ">= 0";
  if (std::isinf(f.at_most)) return text + " and finite";
  return text + (f.range == models::bound::none ? "<= " : " and <= ") + to_text(shown(f, f.at_most));
}

}  // namespace volley::runtime
