#include "protocol/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/protocol/bytes.hpp"

namespace volley::protocol {
namespace {

header sample_header() {
  return {.kind = frame_kind::batch,
          .cluster = 0x0102030405060708,
          .kernel = 2,
          .epoch = 3,
          .session = 4,
          .sequence = 5,
          .position = 0x1122334455667788,
          .source = 0xa1b2c3d4,
          .destination = 7,
          .incarnation = 8};
}

frame sample_frame() { return frame(sample_header(), body_of({0x0000000100000000, 0x00000000000000ff})); }

// The two checksums were computed by another program.
constexpr const char* sample_hex =
    "564c4c59"
    "0100"
    "08"
    "00"
    "0807060504030201"
    "0200000000000000"
    "0300000000000000"
    "0400000000000000"
    "0500000000000000"
    "8877665544332211"
    "d4c3b2a1"
    "07000000"
    "08000000"
    "7f7e146c"
    "02000000"
    "377249ac"
    "0000000001000000"
    "ff00000000000000";

TEST(frame, golden_bytes) { EXPECT_EQ(to_hex(encode(sample_frame())), sample_hex); }

TEST(frame, decodes_what_it_encodes) {
  const frame got = decode_frame(encode(sample_frame()), 2);
  EXPECT_EQ(got.head(), sample_header());
  EXPECT_TRUE(std::ranges::equal(got.body_bytes(), sample_frame().body_bytes()));
}

TEST(frame, without_a_body) {
  const frame f(header{.kind = frame_kind::goodbye});
  EXPECT_EQ(encode(f).size(), header_bytes);
  EXPECT_EQ(decode_frame(encode(f), 0).body(), nullptr);
}

TEST(frame, every_cut_is_refused) {
  const auto whole = encode(sample_frame());
  for (std::size_t count = 0; count < whole.size(); ++count)
    EXPECT_THROW(decode_frame(std::span(whole).first(count), 100), malformed) << count;
}

TEST(frame, every_flipped_bit_is_refused) {
  const auto whole = encode(sample_frame());
  for (std::size_t bit = 0; bit < 8 * whole.size(); ++bit) {
    auto damaged = whole;
    damaged[bit / 8] ^= std::byte{1} << (bit % 8);
    EXPECT_THROW(decode_frame(damaged, 100), malformed) << bit;
  }
}

TEST(frame, surplus_bytes_are_refused) {
  auto longer = encode(sample_frame());
  longer.resize(longer.size() + 8);
  EXPECT_THROW(decode_frame(longer, 100), malformed);
}

TEST(frame, a_body_over_the_limit_is_refused_by_its_header_alone) {
  const auto head = encode_header(sample_frame());
  EXPECT_EQ(decode_header(head, 2).body_words, 2u);
  EXPECT_THROW(decode_header(head, 1), malformed);
}

// A header that is right but for one field: its checksum is made anew.
void expect_refused_field(std::size_t offset, std::byte value, frame_kind kind = frame_kind::batch) {
  auto other = sample_header();
  other.kind = kind;
  auto head = encode_header(frame(other, sample_frame().body()));
  head[offset] = value;
  seal(head);
  EXPECT_THROW(decode_header(head, 100), malformed) << offset;
}

TEST(frame, unknown_magic_version_kind_and_flags_are_refused) {
  expect_refused_field(0, std::byte{'v'});
  expect_refused_field(4, std::byte{2});
  expect_refused_field(6, std::byte{0});
  expect_refused_field(6, std::byte{20});
  expect_refused_field(7, std::byte{1}, frame_kind::request);
}

TEST(frame, a_body_of_another_length_is_refused) {
  const auto announced = decode_header(encode_header(sample_frame()), 100);
  EXPECT_THROW(assemble(announced, words::zeroed(1)), malformed);
}

}  // namespace
}  // namespace volley::protocol
