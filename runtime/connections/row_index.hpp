// Where the row of each source begins: a bit for each source id below the largest, and a number for each row that there is.
// Most sources have no target on a VP once a network is spread over many, so nothing but the bits grows with the network:
// a quarter of a byte a source and store.
#pragma once
#include <bit>
#include <cstdint>
#include <vector>

#include "runtime/base/prefetch.hpp"

namespace volley::runtime {

class row_index {
 public:
  /// Sources ascend from call to call; `begin` is that of the source's row, and the end of the row before.
  void add(std::uint64_t source, std::uint64_t begin) {
    reach(source / 64);
    words_[source / 64].sources |= std::uint64_t{1} << source % 64;
    begins_.push_back(begin);
    limit_ = source + 1;
  }
  /// After the last add(): where the last row ends.
  void finish(std::uint64_t end) {
    begins_.push_back(end);
    begins_.shrink_to_fit();
    words_.shrink_to_fit();
  }

  /// One past the largest source with a row.
  std::uint64_t limit() const { return limit_; }
  struct row {
    std::uint64_t begin, end;
  };
  /// Empty for a source without a row.
  row operator[](std::uint64_t source) const {
    if (source >= limit_) return {0, 0};
    const word& w = words_[source / 64];
    const std::uint64_t bit = std::uint64_t{1} << source % 64;
    if ((w.sources & bit) == 0) return {0, 0};
    const auto at = w.rows_before + static_cast<std::uint32_t>(std::popcount(w.sources & (bit - 1)));
    return {begins_[at], begins_[at + 1]};
  }

  /// Brings what operator[] will read into the cache.
  void prefetch(std::uint64_t source) const {
    if (source >= limit_) return;
    const word& w = words_[source / 64];
    const std::uint64_t bit = std::uint64_t{1} << source % 64;
    if ((w.sources & bit) != 0) runtime::prefetch(begins_.data() + w.rows_before + std::popcount(w.sources & (bit - 1)));
  }

  /// Calls visit(source) for all sources with a row, ascending.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::uint64_t w = 0; w < words_.size(); ++w)
      for (auto rest = words_[w].sources; rest != 0; rest &= rest - 1)
        visit(w * 64 + static_cast<std::uint64_t>(std::countr_zero(rest)));
  }

  template <class Snapshot> void snapshot(Snapshot& s) { s(words_, begins_, limit_); }
  std::uint64_t bytes() const { return words_.capacity() * sizeof(word) + begins_.capacity() * sizeof(std::uint64_t); }

 private:
  struct word {
    std::uint64_t sources = 0;
    std::uint32_t rows_before = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(sources, rows_before); }
  };
  void reach(std::uint64_t w) {
    while (words_.size() <= w) words_.push_back({0, static_cast<std::uint32_t>(begins_.size())});
  }

  std::vector<word> words_;
  std::vector<std::uint64_t> begins_;
  std::uint64_t limit_ = 0;
};

}  // namespace volley::runtime
