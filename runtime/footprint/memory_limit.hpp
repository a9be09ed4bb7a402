// How much memory the network of a kernel may take: what a user wishes, or what the machine has left. Read once, when a
// kernel starts; what reads the system's files is a parameter.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>

namespace volley::runtime {

inline constexpr std::uint64_t no_memory_limit = std::numeric_limits<std::uint64_t>::max();

/// The text of a file; nothing where there is none.
using read_text = std::function<std::optional<std::string>(const std::string& path)>;
std::optional<std::string> read_system_text(const std::string& path);

/// Bytes that this process can still take: the memory the machine has available, or less where a control group (of
/// either version) or one above it allows less. no_memory_limit where the system does not say.
std::uint64_t available_memory(const read_text& read = read_system_text);

/// 1000000, 512M, 4G, 1.5T: bytes, with powers of 1024; a following B or iB is accepted. Errors: std::invalid_argument.
std::uint64_t parse_memory_size(const std::string& text);

/// What the text wishes (the environment's VOLLEY_MEMORY_LIMIT); where it is null or empty, what is available.
/// Errors: std::invalid_argument.
std::uint64_t memory_limit(const char* wish, const read_text& read = read_system_text);

/// For messages: 1.5 GB, with powers of 1000.
std::string bytes_text(double bytes);

}  // namespace volley::runtime
