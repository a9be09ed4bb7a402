// Sizes and places of the pieces; what libhdf5 makes of them together is in hdf5_file_test.
#include "runtime/devices/hdf5_format.hpp"

#include <gtest/gtest.h>

namespace volley::runtime::hdf5 {
namespace {

TEST(hdf5_format, has_its_head_in_96_bytes) {
  const auto head = superblock(0x1234, 0x5678);
  EXPECT_EQ(head.size(), superblock_size);
  EXPECT_EQ(head.substr(0, 8), "\x89HDF\r\n\x1a\n");
  EXPECT_EQ(head.substr(40, 8), bytes().u64(0x5678).get());
  EXPECT_EQ(head.substr(64, 8), bytes().u64(0x1234).get());
}

TEST(hdf5_format, bytes_are_little_endian_and_padded) {
  EXPECT_EQ(bytes().u8(1).u16(0x0203).u32(0x04050607).get(), std::string("\x01\x03\x02\x07\x06\x05\x04"));
  EXPECT_EQ(bytes().text("abc").pad().get(), std::string("abc\0\0\0\0\0", 8));
  EXPECT_EQ(bytes().pad().size(), 0u);
}

TEST(hdf5_format, a_header_says_how_long_its_messages_are) {
  const auto header = object_header({{1, "12345"}, {2, ""}});
  EXPECT_EQ(header.size(), 16u + 8 + 8 + 8);
  EXPECT_EQ(header.substr(2, 2), bytes().u16(2).get());
  EXPECT_EQ(header.substr(8, 4), bytes().u32(24).get());
  EXPECT_EQ(header.substr(16, 4), bytes().u16(1).u16(8).get());
}

TEST(hdf5_format, a_heap_has_its_texts_by_number_and_knows_what_is_free) {
  const auto heap = heap_of({"mV", "a longer text"});
  EXPECT_EQ(heap.size(), 4096u);
  EXPECT_EQ(heap.substr(16, 18), bytes().u16(1).u16(1).u32(0).u64(2).text("mV").get());
  const auto second = 16 + 24;
  EXPECT_EQ(heap.substr(second, 2), bytes().u16(2).get());
  const auto free = second + 16 + 16;
  EXPECT_EQ(heap.substr(free, 16), bytes().u64(0).u64(4096 - free).get());
  EXPECT_EQ(heap_of({std::string(5000, 'x')}).size(), 16u + 16 + 5000 + 16);
}

TEST(hdf5_format, a_tree_has_a_level_more_where_a_node_is_full) {
  const std::vector<std::uint32_t> chunk{4};
  std::uint64_t root = 0;
  std::vector<chunk_place> chunks;
  const auto nodes = [&](std::uint64_t n) {
    chunks.clear();
    for (std::uint64_t i = 0; i < n; ++i) chunks.push_back({{4 * i}, 1000 + i});
    const std::size_t size = 24 + 64 * 8 + 65 * 24;
    const auto tree = tree_of(chunks, chunk, number::f64, 800, root);
    EXPECT_EQ(tree.size() % size, 0u);
    EXPECT_EQ(root, 800 + tree.size() - size) << "the root is the last node";
    return tree.size() / size;
  };
  EXPECT_EQ(nodes(1), 1u);
  EXPECT_EQ(nodes(64), 1u);
  EXPECT_EQ(nodes(65), 3u);
  EXPECT_EQ(nodes(64 * 64 + 1), 65u + 2 + 1);
}

}  // namespace
}  // namespace volley::runtime::hdf5
