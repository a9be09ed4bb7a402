// Texts of files, and tables in them: cells that are separated by white space or commas, a first line with names.
#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/cpp/value.hpp"

namespace volley::client::sonata {

/// Throws builtins.FileNotFoundError, or builtins.OSError where the file cannot be read.
std::string text_of_file(const std::string& file);

/// The number that a text is: an integer, or another; none where it is no number.
Value number_of(std::string_view text);

struct text_table {
  std::string file;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< as long as there are columns

  /// Position of a column. Throws builtins.ValueError.
  std::size_t column(std::string_view name) const;
  bool has(std::string_view name) const;
};

/// Throws builtins.ValueError for a row of another length, builtins.FileNotFoundError.
text_table read_table(const std::string& file, std::string_view separators = " \t");

/// Per type id the cells of its row that have a value, as numbers or texts. Throws builtins.ValueError where the column
/// of ids is missing, an id is no integer, or stands there twice.
using type_rows = std::map<std::int64_t, Dictionary>;
type_rows read_types(const std::string& file, std::string_view id_column);

}  // namespace volley::client::sonata
