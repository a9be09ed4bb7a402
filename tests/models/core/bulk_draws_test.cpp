#include "models/core/bulk_draws.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "models/core/distributions.hpp"
#include "models/core/math.hpp"

namespace volley::models {
namespace {

constexpr random_key key{7, purpose::rule_target, 3};

std::vector<std::uint32_t> drawn(std::uint64_t owner, std::uint32_t bound, std::uint32_t first_tile,
                                 std::size_t tiles) {
  std::vector<std::uint32_t> out(tiles * indices_per_tile);
  uniform_indices(key, owner, bound, first_tile, out);
  return out;
}

/// Each draw by its definition: one word of one block, with attempts.
std::uint32_t one_by_one(std::uint64_t owner, std::uint32_t bound, std::size_t number) {
  const auto place = place_of_index(static_cast<std::uint32_t>(number % indices_per_tile));
  const auto block = static_cast<std::uint32_t>(number / indices_per_tile) * blocks_per_tile + place.block;
  return uniform_index(key, {static_cast<std::uint32_t>(owner), static_cast<std::uint32_t>(owner >> 32), block, 0},
                       place.word, bound);
}

TEST(uniform_indices, tiles_hold_the_draws_of_single_blocks) {
  const std::uint64_t owner = 0x123456789a;
  for (const std::uint32_t bound : {1u, 2u, 7u, 12500u, 1u << 31, 3000000000u, 0xffffffffu}) {
    const auto out = drawn(owner, bound, 0, 20);
    for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], one_by_one(owner, bound, i)) << bound << " " << i;
  }
}

TEST(uniform_indices, every_place_of_a_tile_is_its_own_word) {
  std::vector<bool> seen(indices_per_tile);
  for (std::uint32_t i = 0; i < indices_per_tile; ++i) {
    const auto place = place_of_index(i);
    ASSERT_LT(place.block, blocks_per_tile);
    ASSERT_LT(place.word, 4u);
    seen[place.block * 4 + place.word] = true;
  }
  EXPECT_EQ(std::ranges::count(seen, true), indices_per_tile);
}

TEST(uniform_indices, are_the_same_on_every_instruction_set) {
  for (const std::uint32_t bound : {3u, 12500u, 3000000000u}) {
    const auto expected = drawn(5, bound, 2, 18);
    for (const draw_loops* loops : runnable_draw_loops()) {
      std::vector<std::uint32_t> out(expected.size());
      uniform_indices(*loops, key, 5, bound, 2, out);
      EXPECT_EQ(out, expected) << loops->name;
    }
  }
}

TEST(uniform_indices, do_not_depend_on_how_many_are_drawn_at_once) {
  const auto all = drawn(9, 1000, 0, 40);
  const auto part = drawn(9, 1000, 17, 3);
  EXPECT_TRUE(std::equal(part.begin(), part.end(), all.begin() + 17 * indices_per_tile));
}

TEST(uniform_indices, owners_differ) {
  EXPECT_NE(drawn(1, 1000, 0, 1), drawn(2, 1000, 0, 1));
  EXPECT_NE(drawn(1, 1000, 0, 1), drawn(1 | std::uint64_t{1} << 32, 1000, 0, 1));
}

TEST(uniform_indices, are_equally_likely) {
  // Also for a bound that refuses nearly half of all words, where a bias would be largest.
  for (const std::uint32_t unit : {1u, (1u << 31) / 10 + 1}) {
    const std::uint32_t bound = 10 * unit + (unit > 1 ? 7 : 0);
    std::vector<double> count(11);
    const auto out = drawn(1, bound, 0, 4000);
    for (const auto x : out) {
      ASSERT_LT(x, bound);
      count[x / unit]++;
    }
    const double expected = static_cast<double>(out.size()) / 10;
    double chi2 = 0;
    for (int i = 0; i < 10; ++i) chi2 += (count[i] - expected) * (count[i] - expected) / expected;
    EXPECT_LT(chi2, 27.9) << bound;  // 0.1 % of honest draws
  }
}

random_words counter_of(const block_counters& counters, std::size_t i) {
  const auto word = [&](int w) { return counters.words[w][counters.varies[w] ? i : 0]; };
  return {word(0), word(1), word(2), counters.last};
}

TEST(uniform_indices, refuse_words_that_would_favour_some) {
  // Of 2^32 words 4 fall on each 3 indices: unless one in four is refused, every third index comes twice as often.
  std::vector<double> count(3);
  const auto out = drawn(1, 3u << 30, 0, 500);
  for (const auto x : out) count[x % 3]++;
  for (const double n : count)
    EXPECT_NEAR(n, static_cast<double>(out.size()) / 3, 4 * std::sqrt(static_cast<double>(out.size()) * 2 / 9));
}

TEST(uniform_logs, are_the_logarithms_of_single_blocks_on_every_instruction_set) {
  const std::uint64_t owner = 0x123456789a;
  for (const draw_loops* loops : runnable_draw_loops()) {
    std::vector<double> out(5 * logs_per_tile);
    loops->logs(key_words(key), owner, 3, out);
    for (std::uint32_t i = 0; i < out.size(); ++i) {
      const auto place = place_of_log(i % logs_per_tile);
      const std::uint32_t block = (3 + i / logs_per_tile) * blocks_per_tile + place.block;
      const auto words =
          draw(key, {static_cast<std::uint32_t>(owner), static_cast<std::uint32_t>(owner >> 32), block, 0});
      ASSERT_EQ(out[i], models::log(uniform01_positive(words[place.word], words[place.word + 1])))
          << loops->name << " " << i;
    }
  }
}

TEST(bulk_draws, numbers_of_many_owners_are_those_of_single_blocks_on_every_instruction_set) {
  std::vector<std::uint32_t> ids(1000), others(1000);
  for (std::uint32_t i = 0; i < ids.size(); ++i) {
    ids[i] = 7 * i;
    others[i] = 0xffffffff - i;
  }
  const std::uint32_t one = 5;
  for (const draw_loops* loops : runnable_draw_loops()) {
    for (const auto& counters : {block_counters{{ids.data(), &one, others.data()}, {true, false, true}, 0x80000001},
                                 block_counters{{&one, ids.data(), &one}, {false, true, false}, 3}}) {
      for (const std::size_t n : {1u, 7u, 16u, 17u, 1000u}) {
        std::vector<double> uniform(n, -1), first(n, -1), second(n, -1);
        loops->uniforms(key_words(key), counters, uniform);
        loops->normals(key_words(key), counters, first, second);
        for (std::size_t i = 0; i < n; ++i) {
          const auto block = draw(key, counter_of(counters, i));
          ASSERT_EQ(uniform[i], uniform01(block[0], block[1])) << loops->name << " " << i;
          const auto normals = standard_normals(block);
          ASSERT_EQ(first[i], normals.first) << loops->name << " " << i;
          ASSERT_EQ(second[i], normals.second) << loops->name << " " << i;
        }
      }
    }
  }
}

TEST(poisson_numbers, are_those_of_the_table_word_by_word_on_every_instruction_set) {
  std::vector<std::uint32_t> owners(5 * blocks_per_tile);
  for (std::size_t i = 0; i < owners.size(); ++i) owners[i] = static_cast<std::uint32_t>(i * i + 0xfffffff0u);
  const std::array<std::uint32_t, 3> rest{3, 0x80000001u, 2};
  for (const double mean : {1e-9, 0.13, 1.9, 40.0, 3000.0}) {
    const poisson_table table(mean);
    const auto high_words = table.for_high_words();
    const poisson_thresholds thresholds{static_cast<std::int32_t>(high_words.first), high_words.above};
    for (const draw_loops* loops : runnable_draw_loops()) {
      std::vector<std::int32_t> out(4 * owners.size());
      loops->poisson_counts(key_words(key), owners, rest, thresholds, out.data());
      for (std::size_t i = 0; i < owners.size(); ++i) {
        const auto block = draw(key, {owners[i], rest[0], rest[1], rest[2]});
        for (std::size_t w = 0; w < 4; ++w)
          ASSERT_EQ(out[w * owners.size() + i], table(std::uint64_t{block[w]} << 32))
              << loops->name << " " << mean << " " << i << " " << w;
      }
    }
  }
}

TEST(poisson_table, high_words_change_their_count_where_the_whole_table_does) {
  for (const double mean : {0.0, 1e-12, 0.5, 25.0, 1e5}) {
    const poisson_table table(mean);
    const auto high_words = table.for_high_words();
    for (const std::uint32_t threshold : high_words.above) {
      for (const std::uint32_t word : {threshold - 1, threshold}) {
        const auto above = std::ranges::upper_bound(high_words.above, word) - high_words.above.begin();
        EXPECT_EQ(high_words.first + static_cast<std::uint64_t>(above), table(std::uint64_t{word} << 32))
            << mean << " " << word;
      }
    }
    EXPECT_EQ(high_words.first, table(0)) << mean;
    EXPECT_EQ(high_words.first + high_words.above.size(), table(0xffffffffull << 32)) << mean;
  }
}

TEST(add_scaled, adds_each_count_times_the_weight) {
  std::vector<std::int32_t> counts(37);
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = static_cast<std::int32_t>(i % 5);
  for (const draw_loops* loops : runnable_draw_loops()) {
    std::vector<double> sums(counts.size(), 0.1);
    loops->add_scaled(counts, -0.3, sums.data());
    for (std::size_t i = 0; i < counts.size(); ++i) EXPECT_EQ(sums[i], 0.1 + -0.3 * counts[i]) << loops->name;
  }
}

TEST(scale, tells_what_lies_outside_on_every_instruction_set) {
  for (const std::size_t n : {1u, 7u, 64u, 131u}) {
    std::vector<double> bare(n);
    for (std::size_t i = 0; i < n; ++i) bare[i] = 0.37 * static_cast<double>(i % 11) - 2;
    bare[n / 2] = std::nan("");
    for (const draw_loops* loops : runnable_draw_loops()) {
      auto values = bare;
      std::vector<std::uint64_t> refused((n + 63) / 64, ~std::uint64_t{0});
      loops->scale(0.3, -1.7, -1.0, 2.0, values, refused.data());
      for (std::size_t i = 0; i < n; ++i) {
        const double x = 0.3 + -1.7 * bare[i];
        EXPECT_TRUE(values[i] == x || std::isnan(x)) << loops->name;
        EXPECT_EQ(refused[i / 64] >> i % 64 & 1, !(x >= -1.0 && x <= 2.0)) << loops->name << " " << n << " " << i;
      }
    }
  }
}

}  // namespace
}  // namespace volley::models
