#include "runtime/cluster/admission.hpp"

#include <bit>

#include "models/core/distributions.hpp"
#include "models/core/math.hpp"
#include "models/core/random.hpp"

namespace volley::runtime::cluster {

std::optional<std::string> incompatibility(const worker_card& ours, const worker_card& theirs, const char* whose) {
  const auto differs = [whose](const char* what, const std::string& here, const std::string& there) {
    return std::string("its ") + what + " is " + there + ", " + whose + " " + here;
  };
  if (theirs.protocol != ours.protocol)
    return differs("protocol version", std::to_string(ours.protocol), std::to_string(theirs.protocol));
  if (theirs.release != ours.release) return differs("release", ours.release, theirs.release);
  if (theirs.build != ours.build) return differs("build", ours.build, theirs.build);
  if (theirs.digest != ours.digest)
    return differs("arithmetic digest", std::to_string(ours.digest), std::to_string(theirs.digest)) +
           ": its processor computes other bits";
  if (theirs.lanes == 0) return "it has no lanes";
  return std::nullopt;
}

std::uint64_t arithmetic_digest() {
  constexpr std::uint64_t offset = 0xcbf29ce484222325, prime = 0x100000001b3;
  constexpr int inputs = 4096;
  constexpr std::uint32_t draws = 512;
  std::uint64_t digest = offset;
  const auto add = [&](double x) { digest = (digest ^ std::bit_cast<std::uint64_t>(x)) * prime; };
  for (int i = 1; i <= inputs; ++i) {
    const double x = i / 173.0;
    add(models::exp(x - 12));
    add(models::expm1(x / 100 - 0.1));
    add(models::log(x));
    add(models::pow(x, x / 7));
  }
  const models::poisson_table counts(3.5);
  for (std::uint32_t i = 1; i <= draws; ++i) {
    const auto block = models::draw({i, models::purpose::node_step, i / 7}, {i, i * i, 1, 0});
    const auto [first, second] = models::standard_normals(block);
    add(first);
    add(second);
    add(models::standard_exponential(block));
    add(static_cast<double>(counts(std::uint64_t{block[0]} << 32 | block[1])));
  }
  return digest;
}

}  // namespace volley::runtime::cluster
