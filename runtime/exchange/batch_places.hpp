// The batches of the interval that is computed and of the one before it: [interval parity][VP].
// A place is written again two intervals later, and by then the exchange has seen everybody leave it.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "runtime/base/contract.hpp"

namespace volley::runtime {

/// Batch is a handle to an immutable batch, cheap to hold (a shared pointer).
/// Thread safety: none of its own. Each VP puts into its place before it arrives at the exchange, and takes the
/// others' after the exchange has released the next interval.
template <class Batch> class batch_places {
 public:
  explicit batch_places(std::size_t vps) : rows_{std::vector<padded>(vps), std::vector<padded>(vps)} {}

  void put(std::uint64_t interval, std::size_t vp, Batch batch) {
    expects(vp < vps(), "a batch is of one of the VPs");
    rows_[interval & 1][vp].batch = std::move(batch);
  }
  const Batch& get(std::uint64_t interval, std::size_t vp) const {
    expects(vp < vps(), "a batch is of one of the VPs");
    return rows_[interval & 1][vp].batch;
  }
  std::size_t vps() const { return rows_[0].size(); }

 private:
  struct alignas(64) padded {
    Batch batch{};
  };
  std::array<std::vector<padded>, 2> rows_;
};

}  // namespace volley::runtime
