// Pieces of the HDF5 file format as bytes: what a file of numbers in groups needs of its specification (superblock 0,
// object headers 1, trees of chunks 1). Everything is little-endian and starts at a multiple of eight.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace volley::runtime::hdf5 {

/// An address that nothing has, and an extent that may grow.
inline constexpr std::uint64_t nowhere = ~std::uint64_t{0}, without_end = nowhere;

enum class number : std::uint8_t { u8, u32, u64, f32, f64 };
std::uint32_t size_of(number);

/// Bytes one after the other.
class bytes {
 public:
  bytes& u8(std::uint8_t x) { return put(x, 1); }
  bytes& u16(std::uint64_t x) { return put(x, 2); }
  bytes& u32(std::uint64_t x) { return put(x, 4); }
  bytes& u64(std::uint64_t x) { return put(x, 8); }
  bytes& text(std::string_view x) {
    text_ += x;
    return *this;
  }
  /// Zeros up to a multiple of `n`.
  bytes& pad(std::size_t n = 8) {
    text_.resize((text_.size() + n - 1) / n * n);
    return *this;
  }
  std::size_t size() const { return text_.size(); }
  const std::string& get() const { return text_; }

 private:
  bytes& put(std::uint64_t x, int n) {
    for (; n > 0; --n, x >>= 8) text_ += static_cast<char>(x & 0xff);
    return *this;
  }
  std::string text_;
};

/// One message of an object's header.
struct message {
  std::uint16_t type;
  std::string content;
};

std::string superblock(std::uint64_t root, std::uint64_t end_of_file);
inline constexpr std::uint64_t superblock_size = 96;
std::string object_header(const std::vector<message>& messages);

std::string type_of(number);
/// One of some names, stored as its place.
std::string type_of_choice(std::span<const std::string_view> names);
std::string type_of_text();
/// No extent: a single value. `may_grow`: in every dimension.
std::string space_of(std::span<const std::uint64_t> extent, bool may_grow = false);
message space_message(std::span<const std::uint64_t> extent, bool may_grow);
message type_message(number);
message fill_message(bool with_nan);
message contiguous_message(std::uint64_t address, std::uint64_t size);
message chunked_message(std::uint64_t tree, std::span<const std::uint32_t> chunk, number);
message attribute_message(std::string_view name, const std::string& type, const std::string& space,
                          const std::string& data);
message link_message(std::string_view name, std::uint64_t address);
/// What a group's header has before its links.
std::vector<message> group_messages();

/// Texts, each found by its number from 1 on.
std::string heap_of(const std::vector<std::string>& texts);
/// The value of an attribute that is a text of a heap.
std::string text_value(std::string_view text, std::uint64_t heap, std::uint32_t number);

/// A chunk of numbers in the file, by the position of its first one.
struct chunk_place {
  std::vector<std::uint64_t> first;
  std::uint64_t address;
};
/// The tree of a dataset's chunks as it stands at `address`; its last node is the root.
/// REQUIRES: some chunks, ascending.
std::string tree_of(const std::vector<chunk_place>& chunks, std::span<const std::uint32_t> chunk, number,
                    std::uint64_t address, std::uint64_t& root);

}  // namespace volley::runtime::hdf5
