// Counter-based random numbers: every draw is a pure function of (seed, purpose, owner, index), so that results do not
// depend on where or in which order they are drawn. Philox4x32-10 (Salmon et al. 2011); tests compare it with
// Random123, whose own header takes longer to compile than most of our sources.
#pragma once
#include <array>
#include <cstdint>

namespace volley::models {

/// What a draw is for; part of the key, so that two purposes never share a number.
enum class purpose : std::uint32_t {
  node_step = 1,         ///< (node, step, draw)
  generator_connection,  ///< (generator, target, connection, emission step)
  shared_generator,      ///< (generator, step)
  connection_spike,      ///< (a spike of a row, target, multapse, draw)
  rule_target,           ///< (call, target, draw)
  rule_source,           ///< (call, source, draw)
  rule_block,            ///< (call, block, draw)
  connection_parameter,  ///< (call, source, target, multapse, leaf, attempt)
  node_parameter,        ///< (call, node, leaf, attempt)
  value_parameter,       ///< (call, leaf, attempt): GetValue
  third_factor,          ///< (call, source, target, multapse): whether a node takes part in a connection, and which
  third_factor_pool,     ///< (call, target, draw)
  structural_change,     ///< (step, synapse and phase, draw): what structural plasticity removes and connects
  node_event,            ///< (node, events so far, draw): what a node does at times of its own
  generator_train,       ///< (generator, target, connection, step, draw), or in place of steps (begin, spike)
  generator_pulse,       ///< (generator, time of the pulse, number among those of that time, draw)
  row_spike              ///< (synapse model, source, step, number among its spikes of the step)
};

using random_words = std::array<std::uint32_t, 4>;

/// A stream family: one seed, one purpose, one call (the ordinal of the Create or Connect since the seed was set; 0
/// where the owner is a node).
struct random_key {
  std::uint32_t seed;
  purpose what;
  std::uint32_t call = 0;  ///< its low 24 bits are used
};

/// The two key words of Philox.
constexpr std::array<std::uint32_t, 2> key_words(random_key key) {
  return {key.seed, static_cast<std::uint32_t>(key.what) << 24 | (key.call & 0xffffff)};
}

/// The block of a counter.
inline random_words draw(random_key key, const random_words& counter) {
  auto [c0, c1, c2, c3] = counter;
  auto [k0, k1] = key_words(key);
#pragma GCC unroll 10
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t a = std::uint64_t{0xD2511F53} * c0, b = std::uint64_t{0xCD9E8D57} * c2;
    c0 = static_cast<std::uint32_t>(b >> 32) ^ c1 ^ k0;
    c1 = static_cast<std::uint32_t>(b);
    c2 = static_cast<std::uint32_t>(a >> 32) ^ c3 ^ k1;
    c3 = static_cast<std::uint32_t>(a);
    k0 += 0x9E3779B9;
    k1 += 0xBB67AE85;
  }
  return {c0, c1, c2, c3};
}

/// 53 bits of two words, in [0, 1).
inline double uniform01(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>((std::uint64_t{high} << 32 | low) >> 11) * 0x1p-53;
}

/// As uniform01, in (0, 1]: safe under a logarithm.
inline double uniform01_positive(std::uint32_t high, std::uint32_t low) {
  return static_cast<double>(((std::uint64_t{high} << 32 | low) >> 11) + 1) * 0x1p-53;
}

}  // namespace volley::models
