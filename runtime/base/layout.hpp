// Which virtual process holds a node: id g lives on VP g mod V, as PyNEST users see it. Which rank holds a virtual
// process, where there are several: VP v lives on rank v mod N.
#pragma once
#include <cstdint>

namespace volley::runtime {

/// The place of one shard among all.
struct layout {
  std::uint32_t vp = 0;
  std::uint32_t n_vps = 1;
  bool holds(std::uint64_t id) const { return id % n_vps == vp; }
  bool operator==(const layout&) const = default;
};

/// The place of one kernel among the ranks that simulate one network, each with a kernel of its own.
struct rank_place {
  std::uint32_t number = 0;
  std::uint32_t count = 1;
  bool holds_vp(std::uint64_t vp) const { return vp % count == number; }
  bool is_first() const { return number == 0; }
  bool operator==(const rank_place&) const = default;
};

/// The ids of one Create call that live on one VP: first, first + stride, ...
struct local_ids {
  std::uint64_t first = 0;
  std::uint32_t stride = 1;
  std::uint32_t count = 0;
  std::uint64_t operator[](std::uint32_t cell) const { return first + std::uint64_t{stride} * cell; }
  std::uint64_t last() const { return (*this)[count - 1]; }
  bool contains(std::uint64_t id) const {
    return count != 0 && id >= first && id <= last() && (id - first) % stride == 0;
  }
  std::uint32_t cell(std::uint64_t id) const { return static_cast<std::uint32_t>((id - first) / stride); }
};

/// The part of ids first..last (both included) that lives on `place`.
inline local_ids local_part(std::uint64_t first, std::uint64_t last, const layout& place) {
  const std::uint64_t skip = (place.vp + place.n_vps - first % place.n_vps) % place.n_vps;
  const std::uint64_t begin = first + skip;
  if (begin > last) return {begin, place.n_vps, 0};
  return {begin, place.n_vps, static_cast<std::uint32_t>((last - begin) / place.n_vps + 1)};
}

}  // namespace volley::runtime
