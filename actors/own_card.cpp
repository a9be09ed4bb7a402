#include "actors/own_card.hpp"

#include <unistd.h>

#include <array>
#include <fstream>
#include <span>
#include <stdexcept>

#include "actors/sha256.hpp"
#include "protocol/frame.hpp"
#include "protocol/release.hpp"

namespace volley::actors {

std::string build_of_program() {
  std::ifstream program("/proc/self/exe", std::ios::binary);
  if (!program) throw std::runtime_error("this program's own file cannot be read");
  sha256 digest;
  std::array<char, 1 << 16> part;
  do {
    program.read(part.data(), part.size());
    digest.add(std::as_bytes(std::span(part).first(static_cast<std::size_t>(program.gcount()))));
  } while (program);
  return digest.digits();
}

runtime::cluster::worker_card own_card(std::size_t lanes, std::uint64_t memory_limit) {
  runtime::cluster::worker_card card;
  card.protocol = protocol::version;
  card.release = protocol::release;
  card.build = build_of_program();
  card.digest = runtime::cluster::arithmetic_digest();
  card.lanes = static_cast<std::uint32_t>(lanes);
  card.memory = memory_limit;
  card.process = static_cast<std::uint32_t>(::getpid());
  return card;
}

}  // namespace volley::actors
