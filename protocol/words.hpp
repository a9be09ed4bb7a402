// Word-aligned bytes of one message: filled once by its writer or a socket, then shared by every reader.
#pragma once
#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <utility>

namespace volley::protocol {

using word = std::uint64_t;

/// A block of words. Thread safety: none while it is filled; free to share as `body` afterwards.
class words {
 public:
  /// Uninitialised: for a socket or a copy that fills all of it.
  static words of_size(std::size_t count) {
    return words(in_large_pages(std::malloc(count * sizeof(word)), count), count);
  }
  static words zeroed(std::size_t count) {
    return words(in_large_pages(std::calloc(count, sizeof(word)), count), count);
  }

  std::span<word> view() { return {data_.get(), size_}; }
  std::span<const word> view() const { return {data_.get(), size_}; }
  std::span<const std::byte> bytes() const { return std::as_bytes(view()); }
  std::size_t size() const { return size_; }

  /// Keeps the first `count` words.
  void shrink(std::size_t count) { size_ = count < size_ ? count : size_; }

 private:
  friend std::shared_ptr<const words> part_of(const std::shared_ptr<const words>&, std::size_t, std::size_t);

  struct release {
    std::shared_ptr<const words> owner;  // null: the block is its own
    void operator()(word* data) const {
      if (!owner) std::free(data);
    }
  };
  /// Asks for huge pages before a large block is touched: a reply of many megabytes is read and written once.
  static void* in_large_pages(void* data, std::size_t count) {
    constexpr std::size_t page_bytes = 4096, worth_asking_bytes = std::size_t{4} << 20;
    const std::size_t bytes = count * sizeof(word);
    if (data == nullptr || bytes < worth_asking_bytes) return data;
    const auto address = reinterpret_cast<std::uintptr_t>(data);
    const auto first = (address + page_bytes - 1) / page_bytes * page_bytes;
    ::madvise(reinterpret_cast<void*>(first), address + bytes - first, MADV_HUGEPAGE);  // a refusal costs speed only
    return data;
  }

  words(void* data, std::size_t count, std::shared_ptr<const words> owner = nullptr)
      : data_(static_cast<word*>(data), release{std::move(owner)}), size_(count) {
    if (!data && count > 0) throw std::bad_alloc();
  }

  std::unique_ptr<word[], release> data_;
  std::size_t size_;
};

/// An immutable message, shared by whoever holds a frame or a column of it. Null: no body.
using body = std::shared_ptr<const words>;

/// Words `first` to `first + count` of a body, in place. REQUIRES: they are there.
inline body part_of(const body& whole, std::size_t first, std::size_t count) {
  word* const data = const_cast<word*>(whole->view().data()) + first;  // nobody writes through a body
  return body(new words(data, count, whole));
}

}  // namespace volley::protocol
