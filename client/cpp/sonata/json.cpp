#include "client/cpp/sonata/json.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "client/cpp/error.hpp"
#include "client/cpp/sonata/files.hpp"

namespace volley::client::sonata {
namespace {

constexpr int deepest = 200;  // arrays and objects within each other

template <class T> bool all_are(const std::vector<Value>& list) {
  return std::ranges::all_of(list, [](const Value& v) { return v.is<T>(); });
}

/// A list of numbers as a column.
Value compact(std::vector<Value> list) {
  if (list.empty()) return EmptyVector{};
  if (all_are<std::int64_t>(list)) {
    std::vector<std::int64_t> column;
    for (const auto& v : list) column.push_back(v.as<std::int64_t>());
    return Column<std::int64_t>(std::move(column));
  }
  const auto is_number = [](const Value& v) { return v.is<std::int64_t>() || v.is<double>(); };
  if (!std::ranges::all_of(list, is_number)) return list;
  std::vector<double> column;
  for (const auto& v : list) column.push_back(v.as<double>());
  return Column<double>(std::move(column));
}

class parser {
 public:
  parser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

  Value document() {
    Value v = value();
    skip_space();
    if (at_ < text_.size()) refuse("there is something behind the end");
    return v;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
    throw error("builtins.ValueError", where_ + ", line " + std::to_string(line) + ": " + why);
  }

  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  char next() {
    skip_space();
    if (at_ == text_.size()) refuse("the text ends too early");
    return text_[at_];
  }
  bool take(char c) {
    if (next() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) refuse(std::string("'") + c + "' is missing");
  }
  bool take_word(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  Value value() {
    switch (next()) {
      case '{': return within([this] { return object(); });
      case '[': return within([this] { return array(); });
      case '"': return string();
      default: return word_or_number();
    }
  }

  template <class Read> Value within(Read&& read) {
    if (++depth_ > deepest) refuse("there are more than " + std::to_string(deepest) + " levels");
    ++at_;
    Value v = read();
    --depth_;
    return v;
  }

  Value object() {
    Dictionary d;
    if (take('}')) return d;
    do {
      if (next() != '"') refuse("a key must be a text");
      std::string key = string();
      expect(':');
      d[key] = value();
    } while (take(','));
    expect('}');
    return d;
  }

  Value array() {
    std::vector<Value> list;
    if (take(']')) return compact(std::move(list));
    do list.push_back(value());
    while (take(','));
    expect(']');
    return compact(std::move(list));
  }

  std::string string() {
    std::string s;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\')
        append_escaped(s);
      else
        s += text_[at_];
    }
    if (at_ == text_.size()) refuse("a text does not end");
    ++at_;
    return s;
  }

  void append_escaped(std::string& to) {
    if (++at_ == text_.size()) refuse("a text does not end");
    constexpr std::string_view codes = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
    if (const auto code = codes.find(text_[at_]); code != std::string_view::npos) {
      to += meant[code];
      return;
    }
    if (text_[at_] != 'u') refuse(std::string("'\\") + text_[at_] + "' means nothing");
    std::uint32_t point = hexadecimal();
    if (point >= 0xd800 && point < 0xdc00 && text_.substr(at_ + 1, 2) == "\\u") {
      at_ += 2;
      point = 0x10000 + ((point - 0xd800) << 10) + ((hexadecimal() - 0xdc00) & 0x3ff);
    }
    append_utf8(to, point);
  }

  /// The four digits behind the place; the place is then the last of them.
  std::uint32_t hexadecimal() {
    const auto digits = text_.substr(std::min(at_ + 1, text_.size()), 4);
    std::uint32_t x = 0;
    const auto [end, wrong] = std::from_chars(digits.data(), digits.data() + digits.size(), x, 16);
    if (wrong != std::errc() || digits.size() < 4 || end != digits.data() + 4) refuse("\\u has four digits behind it");
    at_ += 4;
    return x;
  }

  static void append_utf8(std::string& to, std::uint32_t point) {
    const auto put = [&to](std::uint32_t byte) { to += static_cast<char>(byte); };
    const auto rest = [&put](std::uint32_t x) { put(0x80 | (x & 0x3f)); };
    if (point < 0x80) return put(point);
    if (point < 0x800) return put(0xc0 | point >> 6), rest(point);
    if (point < 0x10000) return put(0xe0 | point >> 12), rest(point >> 6), rest(point);
    put(0xf0 | point >> 18), rest(point >> 12), rest(point >> 6), rest(point);
  }

  Value word_or_number() {
    if (take_word("true")) return true;
    if (take_word("false")) return false;
    if (take_word("null")) return {};
    if (take_word("NaN")) return std::numeric_limits<double>::quiet_NaN();
    if (take_word("Infinity")) return HUGE_VAL;
    if (take_word("-Infinity")) return -HUGE_VAL;
    const auto size = std::min(text_.find_first_not_of("+-.0123456789eE", at_), text_.size()) - at_;
    const auto number = number_of(text_.substr(at_, size));
    if (number.is_none())
      refuse("'" + std::string(text_.substr(at_, std::max<std::size_t>(size, 1))) + "' is no value");
    at_ += size;
    return number;
  }

  std::string_view text_;
  const std::string& where_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Value parse_json(std::string_view text, const std::string& where) { return parser(text, where).document(); }

Dictionary read_json(const std::string& file) {
  const auto where = "'" + file + "'";
  const auto content = parse_json(text_of_file(file), where);
  if (const auto* d = content.get_if<Dictionary>()) return *d;
  throw error("builtins.ValueError", where + " has a " + type_name(content) + ", no object");
}

}  // namespace volley::client::sonata
