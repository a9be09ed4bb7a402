#include "models/core/random.hpp"

#include <Random123/philox.h>
#include <gtest/gtest.h>

namespace volley::models {
namespace {

random_words philox(random_key key, const random_words& counter) {
  const philox4x32_ctr_t c = {{counter[0], counter[1], counter[2], counter[3]}};
  const philox4x32_key_t k = {{key_words(key)[0], key_words(key)[1]}};
  const philox4x32_ctr_t r = philox4x32(c, k);
  return {r[0], r[1], r[2], r[3]};
}

TEST(random, draws_are_the_blocks_of_random123) {
  random_words counter{0, 0xffffffff, 7, 0x80000000};
  for (std::uint32_t seed : {0u, 1u, 143202461u, 0xffffffffu})
    for (const purpose what : {purpose::node_step, purpose::value_parameter})
      for (std::uint32_t call = 0; call < 100; ++call) {
        const random_key key{seed, what, call * 0x10001};
        EXPECT_EQ(draw(key, counter), philox(key, counter));
        counter = draw(key, counter);  // all words of the next counter differ
      }
}

TEST(random, known_answers_of_philox) {
  // From the tests of Salmon et al. 2011: counter and key of zeros; purpose 0 does not occur elsewhere.
  EXPECT_EQ(draw({0, purpose{0}}, {0, 0, 0, 0}), (random_words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
}

}  // namespace
}  // namespace volley::models
