// Who may join: a worker of the same build that computes the same bits.
#pragma once
#include <cstdint>
#include <optional>
#include <string>

namespace volley::runtime::cluster {

/// What a worker says of itself when it joins. Only what all releases can read: it is compared before anything else.
struct worker_card {
  std::uint32_t protocol = 0;
  std::string release;
  std::string build;         ///< of the program: two builds of one release may lay out an order differently
  std::uint64_t digest = 0;  ///< of what its arithmetic yields (arithmetic_digest)
  std::uint32_t lanes = 1;
  std::uint64_t memory = 0;  ///< bytes that its part of a network may take
  std::uint32_t process = 0;
  std::string address;  ///< where it listens for other workers
  std::uint16_t port = 0;
};

/// Why `theirs` cannot work with `ours`, naming what differs with both values; nothing: it can. `whose`: ours.
std::optional<std::string> incompatibility(const worker_card& ours, const worker_card& theirs,
                                           const char* whose = "the supervisor's");

/// Of elementary functions over a fixed set of inputs and of random draws, as this build computes them on this
/// processor: what continues somebody else's run must have the same.
std::uint64_t arithmetic_digest();

}  // namespace volley::runtime::cluster
