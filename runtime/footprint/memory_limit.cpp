#include "runtime/footprint/memory_limit.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace volley::runtime {
namespace {

/// The first number of a file; nothing where there is none ("max").
std::optional<std::uint64_t> number_in(const read_text& read, const std::string& path) {
  const auto text = read(path);
  if (!text || text->empty() || !std::isdigit(static_cast<unsigned char>((*text)[0]))) return std::nullopt;
  return std::strtoull(text->c_str(), nullptr, 10);
}

/// The number after a key at the beginning of a line, times `unit`.
std::optional<std::uint64_t> entry_of(const std::optional<std::string>& text, const std::string& key,
                                      std::uint64_t unit) {
  if (!text) return std::nullopt;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with(key)) return std::strtoull(line.c_str() + key.size(), nullptr, 10) * unit;
  return std::nullopt;
}

/// The files of one version of control groups.
struct group_files {
  const char* root;
  const char* limit;
  const char* usage;
  const char* cache;  ///< key in memory.stat of pages that the system can take back
};
constexpr group_files unified{"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file "};
constexpr group_files legacy{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
                             "total_inactive_file "};

/// What the group at `path` and all above it leave. In a container the path may be unknown below the mount: the root is
/// asked too.
std::uint64_t left_in_groups(const read_text& read, const group_files& files, std::string path) {
  std::uint64_t left = no_memory_limit;
  for (;;) {
    const std::string folder = files.root + (path == "/" ? "" : path) + "/";
    const auto limit = number_in(read, folder + files.limit), used = number_in(read, folder + files.usage);
    if (limit) {
      const auto cache = entry_of(read(folder + "memory.stat"), files.cache, 1).value_or(0);
      const auto held = used.value_or(0) - std::min(used.value_or(0), cache);
      left = std::min(left, *limit - std::min(*limit, held));
    }
    if (path.empty() || path == "/") return left;
    path.erase(path.rfind('/'));
  }
}

}  // namespace

std::optional<std::string> read_system_text(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::uint64_t available_memory(const read_text& read) {
  std::uint64_t left = entry_of(read("/proc/meminfo"), "MemAvailable:", 1024).value_or(no_memory_limit);
  std::istringstream groups(read("/proc/self/cgroup").value_or(""));
  for (std::string line; std::getline(groups, line);) {  // number:controllers:path
    const auto first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    auto controllers = line.substr(first, second - first);
    std::ranges::replace(controllers, ':', ',');
    const auto path = line.substr(second + 1);
    if (line.starts_with("0::"))
      left = std::min(left, left_in_groups(read, unified, path));
    else if ((controllers + ',').find(",memory,") != std::string::npos)
      left = std::min(left, left_in_groups(read, legacy, path));
  }
  return left;
}

std::uint64_t parse_memory_size(const std::string& text) {
  const auto refuse = [&]() -> std::uint64_t {
    throw std::invalid_argument("\"" + text +
                                "\" is no size of memory: expected bytes, or a number with K, M, G or T, as in 4G");
  };
  std::size_t used = 0;
  double number = 0;
  try {
    if (text.empty() || !std::isdigit(static_cast<unsigned char>(text[0]))) return refuse();
    number = std::stod(text, &used);
  } catch (const std::out_of_range&) {
    return refuse();
  }
  auto unit = text.substr(used);
  for (char& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const std::string letters = "KMGT";
  if (!unit.empty() && letters.find(unit[0]) != std::string::npos) {
    number *= std::exp2(10.0 * static_cast<double>(letters.find(unit[0]) + 1));
    unit.erase(0, 1);
    if (unit == "IB") unit = "B";
  }
  if ((!unit.empty() && unit != "B") || !(number >= 1) || number >= 0x1p63) return refuse();
  return static_cast<std::uint64_t>(number);
}

std::uint64_t memory_limit(const char* wish, const read_text& read) {
  if (wish == nullptr || *wish == '\0') return available_memory(read);
  try {
    return parse_memory_size(wish);
  } catch (const std::invalid_argument& wrong) {
    throw std::invalid_argument(std::string("VOLLEY_MEMORY_LIMIT: ") + wrong.what());
  }
}

std::string bytes_text(double bytes) {
  const char* units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < std::size(units)) {
    bytes /= 1000;
    ++unit;
  }
  char text[64];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
  return text;
}

}  // namespace volley::runtime
