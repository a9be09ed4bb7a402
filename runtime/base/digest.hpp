// A number that tells contents apart: equal contents have equal digests; others have the same by chance only. Not a
// protection against somebody who wants them to be alike.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace volley::runtime {

class digest {
 public:
  template <class T> void add(const T* values, std::size_t n) { add(std::as_bytes(std::span(values, n))); }
  void add(std::uint64_t word) {
    sum_ = (sum_ ^ word) * 0x9e3779b97f4a7c15ULL;
    sum_ ^= sum_ >> 29;
  }
  std::uint64_t value() const { return sum_; }

 private:
  void add(std::span<const std::byte> bytes) {
    add(std::uint64_t{bytes.size()});
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data() + i, std::min(sizeof word, bytes.size() - i));
      add(word);
    }
  }

  std::uint64_t sum_ = 0x6a09e667f3bcc908ULL;
};

}  // namespace volley::runtime
