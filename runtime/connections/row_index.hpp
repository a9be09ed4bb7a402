// Where the row of each source lies: a bit for each source id below the largest, and a place for each row that there
// is. Most sources have no target on a VP once a network is spread over many, so nothing but the bits grows with the
// network: a quarter of a byte a source and store. A row may move, so that one can grow without the others.
#pragma once
#include <bit>
#include <cstdint>
#include <vector>

#include "runtime/base/contract.hpp"
#include "runtime/base/prefetch.hpp"

namespace volley::runtime {

class row_index {
 public:
  /// Sources ascend from call to call.
  void add(std::uint64_t source, std::uint64_t begin, std::uint64_t count) {
    reach(source / 64);
    words_[source / 64].sources |= std::uint64_t{1} << source % 64;
    places_.push_back(place_of(begin, count));
    limit_ = source + 1;
  }
  /// After the last add().
  void finish() {
    places_.shrink_to_fit();
    words_.shrink_to_fit();
  }
  /// The row of `source` lies elsewhere, or is shorter or longer now. REQUIRES: add() was called for it.
  void move(std::uint64_t source, std::uint64_t begin, std::uint64_t count) {
    expects(has(source), "a row that moves is there");
    places_[rank(source)] = place_of(begin, count);
  }

  /// One past the largest source with a row.
  std::uint64_t limit() const { return limit_; }
  struct row {
    std::uint64_t begin, end;
  };
  /// Empty for a source without a row.
  row operator[](std::uint64_t source) const {
    if (!has(source)) return {0, 0};
    const place p = places_[rank(source)];
    return {p.begin, p.begin + p.count};
  }

  /// Brings what operator[] will read into the cache.
  void prefetch(std::uint64_t source) const {
    if (has(source)) runtime::prefetch(places_.data() + rank(source));
  }

  /// Calls visit(source) for all sources with a row, ascending.
  template <class Visit> void for_each(Visit&& visit) const {
    for (std::uint64_t w = 0; w < words_.size(); ++w)
      for (auto rest = words_[w].sources; rest != 0; rest &= rest - 1)
        visit(w * 64 + static_cast<std::uint64_t>(std::countr_zero(rest)));
  }

  template <class Snapshot> void snapshot(Snapshot& s) { s(words_, places_, limit_); }
  std::uint64_t bytes() const { return words_.capacity() * sizeof(word) + places_.capacity() * sizeof(place); }

 private:
  struct word {
    std::uint64_t sources = 0;
    std::uint32_t rows_before = 0;
    template <class Snapshot> void snapshot(Snapshot& s) { s(sources, rows_before); }
  };
  struct place {
    std::uint64_t begin : 36, count : 28;
  };
  static place place_of(std::uint64_t begin, std::uint64_t count) {
    expects(begin < std::uint64_t{1} << 36 && count < std::uint64_t{1} << 28, "rows have places that can be told");
    return {begin, count};
  }
  bool has(std::uint64_t source) const {
    return source < limit_ && (words_[source / 64].sources & std::uint64_t{1} << source % 64) != 0;
  }
  std::size_t rank(std::uint64_t source) const {
    const word& w = words_[source / 64];
    const std::uint64_t below = (std::uint64_t{1} << source % 64) - 1;
    return w.rows_before + static_cast<std::size_t>(std::popcount(w.sources & below));
  }
  void reach(std::uint64_t w) {
    while (words_.size() <= w) words_.push_back({0, static_cast<std::uint32_t>(places_.size())});
  }

  std::vector<word> words_;
  std::vector<place> places_;
  std::uint64_t limit_ = 0;
};

}  // namespace volley::runtime
