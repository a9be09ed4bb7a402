#include "runtime/base/nearest_name.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

namespace volley::runtime {

namespace {

/// No name is longer by typing errors: what is longer is no name, and comparing it takes the square of its length.
constexpr std::size_t longest_name = 256;

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

/// Letters to insert, remove or replace, twice; a wrong case counts one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = 2 * j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = 2 * (i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : same_letter(a[i], b[j]) ? 1 : 2);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 2, row[j + 1] + 2});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates) {
  if (name.size() > longest_name) return {};
  std::string_view nearest;
  std::size_t least = name.size() + 1;  // half of the letters, twice
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest_name) continue;
    const std::size_t d = distance(name, candidate);
    if (d >= least) continue;
    least = d;
    nearest = candidate;
  }
  return std::string(nearest);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  return nearest_name(name, std::vector<std::string_view>(candidates.begin(), candidates.end()));
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> candidates) {
  const std::string nearest = nearest_name(name, candidates);
  return nearest.empty() || nearest == name ? std::string() : "; did you mean '" + nearest + "'?";
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  return did_you_mean(name, std::vector<std::string_view>(candidates.begin(), candidates.end()));
}

std::string unaccessed_entry(std::string_view key, const std::string& whom, const std::vector<std::string>& settable,
                             const std::vector<std::string>& told) {
  const auto entry = "Unaccessed entry '" + std::string(key) + "'";
  if (std::find(told.begin(), told.end(), key) != told.end())
    return entry + " of " + whom + " is told, it cannot be set";
  return entry + ": no property of " + whom + did_you_mean(key, settable);
}

}  // namespace volley::runtime
