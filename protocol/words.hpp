// Word-aligned bytes of one message: filled once by its writer or a socket, then shared by every reader.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>

namespace volley::protocol {

using word = std::uint64_t;

/// A block of words. Thread safety: none while it is filled; free to share as `body` afterwards.
class words {
 public:
  /// Uninitialised: for a socket or a copy that fills all of it.
  static words of_size(std::size_t count) { return words(std::malloc(count * sizeof(word)), count); }
  static words zeroed(std::size_t count) { return words(std::calloc(count, sizeof(word)), count); }

  std::span<word> view() { return {data_.get(), size_}; }
  std::span<const word> view() const { return {data_.get(), size_}; }
  std::span<const std::byte> bytes() const { return std::as_bytes(view()); }
  std::size_t size() const { return size_; }

  /// Keeps the first `count` words.
  void shrink(std::size_t count) { size_ = count < size_ ? count : size_; }

 private:
  struct release {
    void operator()(word* data) const { std::free(data); }
  };
  words(void* data, std::size_t count) : data_(static_cast<word*>(data)), size_(count) {
    if (!data && count > 0) throw std::bad_alloc();
  }

  std::unique_ptr<word[], release> data_;
  std::size_t size_;
};

/// An immutable message, shared by whoever holds a frame or a column of it. Null: no body.
using body = std::shared_ptr<const words>;

}  // namespace volley::protocol
