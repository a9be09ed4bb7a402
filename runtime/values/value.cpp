#include "runtime/values/value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <span>
#include <stdexcept>

namespace volley::runtime {

namespace {

template <class... Cases> struct overloaded : Cases... { using Cases::operator()...; };

constexpr std::size_t longest_text = 60;

/// Shortest text that reads back as the same number, spelt as Python spells it.
std::string number_text(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x > 0 ? "inf" : "-inf";
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, x).ptr;
  std::string text(buffer, end);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string cut(std::string text) {
  if (text.size() <= longest_text) return text;
  std::size_t end = longest_text - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // keep UTF-8 characters whole
  text.resize(end);
  return text + "...";
}

/// "[a, b, ...]": stops as soon as the text is long enough, so that a million elements cost no more than ten.
template <class Elements, class Text> std::string list_text(const Elements& elements, Text text) {
  std::string out = "[";
  for (const auto& element : elements) {
    if (out.size() > 1) out += ", ";
    if (out.size() > longest_text - 10) return out + "...]";
    out += text(element);
  }
  return out + "]";
}

std::string matrix_text(const matrix& m) {
  std::string out = "[";
  for (std::uint64_t row = 0; row < m.rows && out.size() < longest_text; ++row)
    out += (row ? ", " : "") + list_text(std::span(m.data).subspan(row * m.columns, m.columns), number_text);
  return out + "]";
}

std::string set_text(const node_set& nodes) {
  return "NodeCollection" + list_text(nodes.ranges, [](const node_range& r) {
           return r.first == r.last ? std::to_string(r.first)
                                    : std::to_string(r.first) + "..." + std::to_string(r.last);
         });
}

std::string dictionary_text(const dictionary& d) {
  std::string out = "{";
  for (const auto& [key, item] : d) {
    if (out.size() > longest_text) break;
    out += (out.size() > 1 ? ", \"" : "\"") + key + "\": " + to_text(item);
  }
  return out + "}";
}

}  // namespace

std::uint64_t node_set::size() const {
  std::uint64_t total = 0;
  for (const node_range& range : ranges) total += range.size();
  return total;
}

std::uint64_t node_set::operator[](std::uint64_t position) const {
  for (const node_range& range : ranges) {
    if (position < range.size()) return range.first + position * range.step;
    position -= range.size();
  }
  return 0;  // no node has this id
}

bool node_set::contains(std::uint64_t id) const {
  const auto range =
      std::partition_point(ranges.begin(), ranges.end(), [id](const node_range& r) { return r.last < id; });
  return range != ranges.end() && range->first <= id && (id - range->first) % range->step == 0;
}

std::vector<node_range> ranges_of(const std::vector<std::uint64_t>& ids) {
  std::vector<node_range> ranges;
  for (const auto id : ids) {
    if (!ranges.empty()) {
      node_range& last = ranges.back();
      if (last.first == last.last) last.step = id - last.last;  // the second id says how far apart they are
      if (last.last + last.step == id) {
        last.last = id;
        continue;
      }
    }
    ranges.push_back({id, id, 1});
  }
  return ranges;
}

value::value() = default;
value::value(const value&) = default;
value::value(value&&) noexcept = default;
value& value::operator=(const value&) = default;
value& value::operator=(value&&) noexcept = default;
value::~value() = default;

dictionary::dictionary() = default;
dictionary::dictionary(std::initializer_list<entry> entries) : entries_(entries) {}
dictionary::dictionary(const dictionary&) = default;
dictionary::dictionary(dictionary&&) noexcept = default;
dictionary& dictionary::operator=(const dictionary&) = default;
dictionary& dictionary::operator=(dictionary&&) noexcept = default;
dictionary::~dictionary() = default;

const value* dictionary::find(std::string_view key) const {
  const auto at = std::ranges::find(entries_, key, &entry::first);
  return at == entries_.end() ? nullptr : &at->second;
}

value& dictionary::operator[](std::string_view key) {
  const auto at = std::ranges::find(entries_, key, &entry::first);
  return at != entries_.end() ? at->second : entries_.emplace_back(std::string(key), value()).second;
}

bool dictionary::erase(std::string_view key) {
  return std::erase_if(entries_, [key](const entry& e) { return e.first == key; }) > 0;
}

bool dictionary::operator==(const dictionary& other) const {
  if (size() != other.size()) return false;
  return std::ranges::all_of(entries_, [&other](const entry& e) {  // the order of the keys is presentation
    const value* const theirs = other.find(e.first);
    return theirs && *theirs == e.second;
  });
}

std::optional<double> number_of(const value& v) {
  if (const auto* x = v.get_if<double>()) return *x;
  if (const auto* x = v.get_if<std::int64_t>()) return static_cast<double>(*x);
  if (const auto* x = v.get_if<bool>()) return *x ? 1.0 : 0.0;
  return std::nullopt;
}

const char* type_name(const value& v) {
  return std::visit(
      overloaded{[](std::monostate) { return "None"; }, [](bool) { return "bool"; }, [](std::int64_t) { return "int"; },
                 [](double) { return "float"; }, [](const std::string&) { return "str"; },
                 [](empty_vector) { return "empty list"; }, [](const booleans&) { return "list of bool"; },
                 [](const std::vector<std::int64_t>&) { return "list of int"; },
                 [](const std::vector<double>&) { return "list of float"; },
                 [](const std::vector<std::string>&) { return "list of str"; },
                 [](const matrix&) { return "matrix of float"; }, [](const node_set&) { return "NodeCollection"; },
                 [](const parameter_ref&) { return "Parameter"; }, [](const dictionary&) { return "dict"; },
                 [](const std::vector<value>&) { return "list"; }},
      static_cast<const value::variant&>(v));
}

std::string to_text(const value& v) {
  const auto integer = [](std::int64_t i) { return std::to_string(i); };
  const auto text = [](const std::string& s) { return '"' + s + '"'; };
  const auto truth = [](std::uint8_t b) { return std::string(b ? "True" : "False"); };
  return cut(std::visit(
      overloaded{[](std::monostate) { return std::string("None"); }, [&](bool b) { return truth(b); },
                 [&](std::int64_t i) { return integer(i); }, [](double x) { return number_text(x); },
                 [&](const std::string& s) { return text(s); }, [](empty_vector) { return std::string("[]"); },
                 [&](const booleans& b) { return list_text(b.data, truth); },
                 [&](const std::vector<std::int64_t>& i) { return list_text(i, integer); },
                 [](const std::vector<double>& x) { return list_text(x, number_text); },
                 [&](const std::vector<std::string>& s) { return list_text(s, text); },
                 [](const matrix& m) { return matrix_text(m); }, [](const node_set& nodes) { return set_text(nodes); },
                 [](const parameter_ref&) { return std::string("Parameter"); },
                 [](const dictionary& d) { return dictionary_text(d); },
                 [](const std::vector<value>& list) { return list_text(list, to_text); }},
      static_cast<const value::variant&>(v)));
}

}  // namespace volley::runtime
