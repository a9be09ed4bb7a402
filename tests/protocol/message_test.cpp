#include "protocol/message.hpp"

#include <gtest/gtest.h>

#include <numeric>

#include "protocol/limits.hpp"
#include "protocol/spikes.capnp.h"
#include "protocol/values.capnp.h"
#include "tests/protocol/bytes.hpp"

namespace volley::protocol {
namespace {

body text_value(const char* text) {
  message_builder message;
  message.initRoot<Value>().setText(text);
  return message.finish();
}

std::string read_text(const body& content) {
  return read_message<Value>(content, [](Value::Reader v) { return std::string(v.getText().cStr()); });
}

TEST(message, reads_what_it_writes) { EXPECT_EQ(read_text(text_value("V_m")), "V_m"); }

TEST(message, an_untouched_builder_gives_a_readable_default) {
  message_builder message;
  EXPECT_TRUE(read_message<Value>(message.finish(), [](Value::Reader v) { return v.isNone(); }));
}

TEST(message, is_one_segment_even_when_it_outgrew_the_guess) {
  message_builder message(4);
  auto list = message.initRoot<Value>().initTexts(1000);
  for (unsigned i = 0; i < 1000; ++i) list.set(i, "a text that takes some words");
  const auto content = message.finish();
  EXPECT_EQ(content->view()[0] & 0xffffffff, 0u);
  EXPECT_EQ(content->view()[0] >> 32, content->size() - 1);
  const auto last = read_message<Value>(content, [](Value::Reader v) { return std::string(v.getTexts()[999].cStr()); });
  EXPECT_EQ(last, "a text that takes some words");
}

TEST(message, many_large_columns_are_one_segment_and_read_in_place) {
  std::vector<double> numbers(100'000);
  std::iota(numbers.begin(), numbers.end(), 0.5);
  message_builder message;
  auto entries = message.initRoot<Dictionary>().initEntries(40);
  for (auto entry : entries) entry.initValue().adoptReals(column_orphan<double>(message.getOrphanage(), numbers));
  const auto content = message.finish();
  numbers.assign(numbers.size(), 0);  // the message must not depend on it any more
  const auto spans = read_message<Dictionary>(content, [](Dictionary::Reader d) {
    std::vector<std::span<const double>> columns;
    for (auto entry : d.getEntries()) columns.push_back(column<double>(entry.getValue().getReals()));
    return columns;
  });
  ASSERT_EQ(spans.size(), 40u);
  for (auto span : spans) {
    ASSERT_EQ(span.size(), 100'000u);
    EXPECT_EQ(span[99'999], 99'999.5);
    EXPECT_GE(reinterpret_cast<const word*>(span.data()), content->view().data());
    EXPECT_LE(reinterpret_cast<const word*>(span.data()) + span.size(), content->view().data() + content->size());
  }
}

TEST(message, columns_of_odd_length_and_alignment_arrive) {
  std::vector<std::uint8_t> flags(5001, 1);
  std::vector<std::uint32_t> sources(3001);
  std::iota(sources.begin(), sources.end(), 7);
  message_builder message;
  auto batch = message.initRoot<SpikeBatch>();
  batch.adoptSources(column_orphan<std::uint32_t>(message.getOrphanage(), std::span(sources).subspan(1)));
  batch.adoptCounts(column_orphan<std::uint8_t>(message.getOrphanage(), flags));
  const auto content = message.finish();
  read_message<SpikeBatch>(content, [&](SpikeBatch::Reader got) {
    EXPECT_TRUE(std::ranges::equal(column<std::uint32_t>(got.getSources()), std::span(sources).subspan(1)));
    EXPECT_EQ(got.getCounts().size(), 5001u);
    EXPECT_THROW(column<std::uint32_t>(got.getCounts()), malformed);
  });
}

TEST(message, content_that_no_message_can_carry_is_oversized) {
  const std::vector<std::uint64_t> too_many(std::size_t{1} << 26);  // 512 MiB
  const auto fill = [&](Value::Builder out) {
    out.adoptReals(column_orphan<std::uint64_t>(capnp::Orphanage::getForMessageContaining(out), too_many));
  };
  EXPECT_THROW(write_message<Value>(fill), oversized);
}

TEST(message, an_empty_column_is_an_empty_span) { EXPECT_TRUE(column<double>(capnp::Data::Reader()).empty()); }

TEST(message, a_frame_without_body_is_refused) { EXPECT_THROW(read_text(nullptr), malformed); }

TEST(message, other_exceptions_of_the_reader_pass) {
  EXPECT_THROW(read_message<Value>(text_value("x"), [](Value::Reader) { throw std::out_of_range("mine"); }),
               std::out_of_range);
}

TEST(message, every_cut_is_refused) {
  const auto whole = text_value("a text of some length");
  for (std::size_t count = 0; count < whole->size(); ++count)
    EXPECT_THROW(read_text(body_of(whole->view().first(count))), malformed) << count;
}

TEST(message, surplus_words_are_refused) {
  auto longer = words::zeroed(text_value("x")->size() + 1);
  std::ranges::copy(text_value("x")->view(), longer.view().begin());
  EXPECT_THROW(read_text(std::make_shared<const words>(std::move(longer))), malformed);
}

TEST(message, the_segment_table_is_bounded) {
  const auto table_of = [](std::uint64_t segments) {
    std::vector<word> table(segments / 2 + 1, 0);
    table[0] = segments - 1;
    return table;
  };
  EXPECT_NO_THROW(check_segments(table_of(segment_limit)));
  EXPECT_THROW(check_segments(table_of(segment_limit + 1)), malformed);
  EXPECT_THROW(check_segments(std::vector<word>{0xffffffff}), malformed);             // 2^32 segments
  EXPECT_THROW(check_segments(std::vector<word>{0xffffffff00000000, 0}), malformed);  // a segment of 2^32 - 1 words
}

TEST(message, deep_nesting_is_refused) {
  const auto nested = [](int levels) {
    message_builder message(10'000);
    auto value = message.initRoot<Value>();
    for (int i = 0; i < levels; ++i) value = value.initValues(1)[0];
    value.setInteger(1);
    return message.finish();
  };
  const auto descend = [](Value::Reader v) {
    int levels = 0;
    for (; v.isValues(); ++levels) v = v.getValues()[0];
    return levels;
  };
  EXPECT_EQ(read_message<Value>(nested(10), descend), 10);
  EXPECT_THROW(read_message<Value>(nested(nesting_limit), descend), malformed);
}

// A list of 2^29 - 1 elements without size: a message of three words that asks for unbounded work.
TEST(message, a_list_of_voids_cannot_amplify) {
  message_builder message;
  message.initRoot<Value>().initValues(1);
  auto content = words::of_size(message.finish()->size());
  message_builder again;
  again.initRoot<Value>().initValues(1);
  std::ranges::copy(again.finish()->view(), content.view().begin());
  word& list_pointer = content.view()[4];  // table, root pointer, two words of data, then this pointer
  list_pointer = 1 | (word{0} << 32) | (word{0x1fffffff} << 35);
  const auto hostile = std::make_shared<const words>(std::move(content));
  EXPECT_THROW(read_message<Value>(hostile, [](Value::Reader v) { return v.getValues().size(); }), malformed);
}

TEST(message, walking_a_loop_ends) {
  message_builder message;
  message.initRoot<Value>().initValues(1);
  const auto whole = message.finish();
  auto content = words::of_size(whole->size());
  std::ranges::copy(whole->view(), content.view().begin());
  // The list's only element points at the list itself: words are table, root, data x 2, list pointer, tag, data x 2,
  // pointer.
  const auto back_words = static_cast<std::uint32_t>(-4) << 2;
  content.view()[8] = (content.view()[4] & 0xffffffff00000000) | back_words | 1;
  content.view()[6] = content.view()[2];
  content.view()[7] = content.view()[3];
  const auto hostile = std::make_shared<const words>(std::move(content));
  const auto descend = [](Value::Reader v) {
    for (;;) v = v.getValues()[0];
  };
  EXPECT_THROW(read_message<Value>(hostile, descend), malformed);
}

}  // namespace
}  // namespace volley::protocol
