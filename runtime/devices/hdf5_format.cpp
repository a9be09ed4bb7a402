#include "runtime/devices/hdf5_format.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace volley::runtime::hdf5 {
namespace {

constexpr std::size_t children_of_node = 64;  ///< of a tree: what a superblock 0 says without saying it
constexpr std::uint16_t no_pad = 0;

namespace message_type {
enum : std::uint16_t {
  dataspace = 1,
  link_info = 2,
  datatype = 3,
  fill_value = 5,
  link = 6,
  layout = 8,
  group_info = 10,
  attribute = 12
};
}

bytes class_of_type(std::uint8_t number_of_class, std::uint32_t bits, std::uint32_t size) {
  bytes b;
  b.u8(static_cast<std::uint8_t>(0x10 | number_of_class)).u8(bits & 0xff).u8(bits >> 8 & 0xff).u8(bits >> 16 & 0xff);
  return b.u32(size);
}

std::string integer_type(std::uint32_t size) { return class_of_type(0, 0, size).u16(0).u16(8 * size).get(); }

std::string real_type(std::uint32_t size) {
  const bool is_double = size == 8;
  const std::uint32_t sign = 8 * size - 1, implied_one = 2;
  const std::uint8_t mantissa = is_double ? 52 : 23, exponent = is_double ? 11 : 8;
  auto b = class_of_type(1, implied_one << 4 | sign << 8, size);
  b.u16(0).u16(8 * size).u8(mantissa).u8(exponent).u8(0).u8(mantissa);
  return b.u32(is_double ? 1023 : 127).get();
}

void put_key(bytes& to, const std::vector<std::uint64_t>& position, std::uint64_t chunk_bytes, std::uint64_t last) {
  to.u32(chunk_bytes).u32(0);
  for (const auto at : position) to.u64(at);
  to.u64(last);
}

/// What stands in a node of a tree: where something begins, and its address.
struct entry {
  std::vector<std::uint64_t> first;
  std::uint64_t address;
};

}  // namespace

std::uint32_t size_of(number n) {
  switch (n) {
    case number::u8: return 1;
    case number::u32:
    case number::f32: return 4;
    default: return 8;
  }
}

std::string superblock(std::uint64_t root, std::uint64_t end_of_file) {
  bytes b;
  b.text("\x89HDF\r\n\x1a\n").u8(0).u8(0).u8(0).u8(0).u8(0).u8(8).u8(8).u8(0);
  b.u16(4).u16(16).u32(0);  // nodes of groups of the old kind, of which there is none; flags
  b.u64(0).u64(nowhere).u64(end_of_file).u64(nowhere);
  return b.u64(0).u64(root).u32(0).u32(0).u64(0).u64(0).get();
}

std::string object_header(const std::vector<message>& messages) {
  bytes content;
  for (const auto& m : messages) {
    content.u16(m.type).u16((m.content.size() + 7) / 8 * 8).u8(0).u8(0).u16(no_pad);
    content.text(m.content).pad();
  }
  bytes b;
  b.u8(1).u8(0).u16(messages.size()).u32(1).u32(content.size()).u32(0);
  return b.text(content.get()).get();
}

std::string type_of(number n) {
  const bool is_real = n == number::f32 || n == number::f64;
  return is_real ? real_type(size_of(n)) : integer_type(size_of(n));
}

std::string type_of_choice(std::span<const std::string_view> names) {
  auto b = class_of_type(8, static_cast<std::uint32_t>(names.size()), 1);
  b.text(integer_type(1));
  for (const auto name : names) {
    bytes ended;
    b.text(ended.text(name).u8(0).pad().get());
  }
  for (std::size_t i = 0; i < names.size(); ++i) b.u8(static_cast<std::uint8_t>(i));
  return b.get();
}

std::string type_of_text() {
  constexpr std::uint32_t is_text = 1, utf8 = 1 << 8;
  return class_of_type(9, is_text | utf8, 16).text(integer_type(1)).get();
}

std::string space_of(std::span<const std::uint64_t> extent, bool may_grow) {
  bytes b;
  b.u8(1).u8(static_cast<std::uint8_t>(extent.size())).u8(may_grow).u8(0).u32(0);
  for (const auto n : extent) b.u64(n);
  for (std::size_t i = 0; may_grow && i < extent.size(); ++i) b.u64(without_end);
  return b.get();
}

message space_message(std::span<const std::uint64_t> extent, bool may_grow) {
  return {message_type::dataspace, space_of(extent, may_grow)};
}

message type_message(number n) { return {message_type::datatype, type_of(n)}; }

message fill_message(bool with_nan) {
  constexpr std::uint8_t when_needed = 3, if_set = 2;
  bytes b;
  b.u8(2).u8(when_needed).u8(if_set).u8(1).u32(with_nan ? 8 : 0);
  if (with_nan) b.u64(std::bit_cast<std::uint64_t>(std::numeric_limits<double>::quiet_NaN()));
  return {message_type::fill_value, b.get()};
}

message contiguous_message(std::uint64_t address, std::uint64_t size) {
  return {message_type::layout, bytes().u8(3).u8(1).u64(size == 0 ? nowhere : address).u64(size).get()};
}

message chunked_message(std::uint64_t tree, std::span<const std::uint32_t> chunk, number n) {
  bytes b;
  b.u8(3).u8(2).u8(static_cast<std::uint8_t>(chunk.size() + 1)).u64(tree);
  for (const auto length : chunk) b.u32(length);
  return {message_type::layout, b.u32(size_of(n)).get()};
}

message attribute_message(std::string_view name, const std::string& type, const std::string& space,
                          const std::string& data) {
  bytes b;
  b.u8(1).u8(0).u16(name.size() + 1).u16(type.size()).u16(space.size());
  b.text(name).u8(0).pad().text(type).pad().text(space).pad().text(data);
  return {message_type::attribute, b.get()};
}

message link_message(std::string_view name, std::uint64_t address) {
  constexpr std::uint8_t wide_length_and_charset = 0x10 | 1, utf8 = 1;
  return {message_type::link,
          bytes().u8(1).u8(wide_length_and_charset).u8(utf8).u16(name.size()).text(name).u64(address).get()};
}

std::vector<message> group_messages() {
  return {{message_type::link_info, bytes().u8(0).u8(0).u64(nowhere).u64(nowhere).get()},
          {message_type::group_info, bytes().u8(0).u8(0).get()}};
}

std::string heap_of(const std::vector<std::string>& texts) {
  constexpr std::size_t smallest = 4096, head = 16;
  bytes objects;
  std::uint16_t number_of_text = 0;
  for (const auto& text : texts) objects.u16(++number_of_text).u16(1).u32(0).u64(text.size()).text(text).pad();
  const auto size = std::max(smallest, head + objects.size() + head);
  bytes b;
  b.text("GCOL").u32(1).u64(size).text(objects.get());
  const auto free = size - b.size();
  return b.u16(0).u16(0).u32(0).u64(free).pad(size).get();
}

std::string text_value(std::string_view text, std::uint64_t heap, std::uint32_t number) {
  return bytes().u32(text.size()).u64(heap).u32(number).get();
}

std::string tree_of(const std::vector<chunk_place>& chunks, std::span<const std::uint32_t> chunk, number n,
                    std::uint64_t address, std::uint64_t& root) {
  std::uint64_t chunk_bytes = size_of(n);
  for (const auto length : chunk) chunk_bytes *= length;
  auto behind = chunks.back().first;
  for (std::size_t i = 0; i < chunk.size(); ++i) behind[i] += chunk[i];

  const std::size_t size = 24 + children_of_node * 8 + (children_of_node + 1) * (16 + 8 * chunk.size());
  std::vector<entry> below;
  for (const auto& c : chunks) below.push_back({c.first, c.address});
  bytes all;
  for (std::uint8_t level = 0; level == 0 || below.size() > 1; ++level) {
    std::vector<entry> nodes;
    const auto level_begins = address + all.size();
    for (std::size_t from = 0; from < below.size(); from += children_of_node) {
      const auto upto = std::min(from + children_of_node, below.size());
      const auto here = level_begins + nodes.size() * size;
      bytes node;
      node.text("TREE").u8(1).u8(level).u16(upto - from);
      node.u64(from == 0 ? nowhere : here - size).u64(upto == below.size() ? nowhere : here + size);
      for (auto i = from; i < upto; ++i) {
        put_key(node, below[i].first, chunk_bytes, 0);
        node.u64(below[i].address);
      }
      if (upto < below.size())
        put_key(node, below[upto].first, chunk_bytes, 0);
      else
        put_key(node, behind, chunk_bytes, size_of(n));
      all.text(node.pad(size).get());
      nodes.push_back({below[from].first, here});
    }
    below = std::move(nodes);
  }
  root = below.front().address;
  return all.get();
}

}  // namespace volley::runtime::hdf5
