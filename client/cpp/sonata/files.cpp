#include "client/cpp/sonata/files.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

#include "client/cpp/error.hpp"

namespace volley::client::sonata {
namespace {

/// Words that stand for no value.
constexpr std::array<std::string_view, 12> nothing{"",    "NULL", "NONE", "None", "null", "NaN",
                                                   "nan", "NA",   "N/A",  "n/a",  "#N/A", "<NA>"};

std::vector<std::string> cells_of(const std::string& line, std::string_view separators) {
  std::vector<std::string> cells;
  const auto is_separator = [&](char c) { return separators.find(c) != std::string_view::npos || c == '\r'; };
  for (std::size_t i = 0; i < line.size();) {
    if (is_separator(line[i])) {
      ++i;
      continue;
    }
    std::string cell;
    for (bool quoted = false; i < line.size() && (quoted || !is_separator(line[i])); ++i) {
      if (line[i] == '"')
        quoted = !quoted;
      else
        cell += line[i];
    }
    cells.push_back(std::move(cell));
  }
  return cells;
}

Value cell_value(const std::string& cell) {
  if (std::ranges::find(nothing, std::string_view(cell)) != nothing.end()) return {};
  const auto number = number_of(cell);
  return number.is_none() ? Value(cell) : number;
}

}  // namespace

std::string text_of_file(const std::string& file) {
  std::ifstream from(file, std::ios::binary);
  if (!from) throw error("builtins.FileNotFoundError", "'" + file + "' cannot be opened");
  std::ostringstream text;
  text << from.rdbuf();
  if (from.bad()) throw error("builtins.OSError", "'" + file + "' cannot be read");
  return std::move(text).str();
}

Value number_of(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto* const end = text.data() + text.size();
  const auto is_whole = [&](const std::from_chars_result& read) { return read.ec == std::errc() && read.ptr == end; };
  std::int64_t integer = 0;
  if (is_whole(std::from_chars(text.data(), end, integer))) return integer;
  double real = 0;
  if (is_whole(std::from_chars(text.data(), end, real))) return real;
  return {};
}

bool text_table::has(std::string_view name) const { return std::ranges::find(columns, name) != columns.end(); }

std::size_t text_table::column(std::string_view name) const {
  const auto at = std::ranges::find(columns, name);
  if (at == columns.end())
    throw error("builtins.ValueError", "'" + file + "' has no column '" + std::string(name) + "'");
  return static_cast<std::size_t>(at - columns.begin());
}

text_table read_table(const std::string& file, std::string_view separators) {
  std::istringstream text(text_of_file(file));
  text_table table{file, {}, {}};
  std::size_t number = 0;
  for (std::string line; std::getline(text, line);) {
    ++number;
    auto cells = cells_of(line, separators);
    if (cells.empty()) continue;
    if (table.columns.empty()) {
      table.columns = std::move(cells);
    } else if (cells.size() != table.columns.size()) {
      throw error("builtins.ValueError", "'" + file + "', line " + std::to_string(number) + ": " +
                                             std::to_string(cells.size()) + " cells for " +
                                             std::to_string(table.columns.size()) + " columns");
    } else {
      table.rows.push_back(std::move(cells));
    }
  }
  return table;
}

type_rows read_types(const std::string& file, std::string_view id_column) {
  const auto table = read_table(file);
  const auto ids = table.column(id_column);
  type_rows types;
  for (const auto& row : table.rows) {
    const auto id = number_of(row[ids]);
    const auto* key = id.get_if<std::int64_t>();
    if (key == nullptr)
      throw error("builtins.ValueError",
                  "'" + file + "': the " + std::string(id_column) + " '" + row[ids] + "' is no integer");
    Dictionary cells;
    for (std::size_t c = 0; c < row.size(); ++c)
      if (auto v = cell_value(row[c]); c != ids && !v.is_none()) cells[table.columns[c]] = std::move(v);
    if (!types.emplace(*key, std::move(cells)).second)
      throw error("builtins.ValueError", "'" + file + "' describes type " + row[ids] + " twice");
  }
  return types;
}

}  // namespace volley::client::sonata
