#include "runtime/cluster/rank_message.hpp"

#include "runtime/base/snapshot.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime::cluster {

std::vector<std::byte> encoded(const rank_word& m) { return bytes_of(m); }
std::vector<std::byte> encoded(const of_first_rank& m) { return bytes_of(m); }
rank_word decoded_rank_word(std::span<const std::byte> bytes) { return object_of<rank_word>(bytes); }
of_first_rank decoded_of_first_rank(std::span<const std::byte> bytes) { return object_of<of_first_rank>(bytes); }

}  // namespace volley::runtime::cluster
