// The snapshot image of a shard: all that changes while it runs, as bytes. What calls of the API have built is not in it.
//
// A class names its columns once, in `template <class Snapshot> void snapshot(Snapshot& s)`, which serves both ways; what it
// derives from them it computes anew where `Snapshot::loads`.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <span>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace volley::runtime {

/// Values whose bytes are their image: numbers, and structs of integers without gaps.
template <class T> concept plain = std::is_arithmetic_v<T> || std::is_enum_v<T> || std::has_unique_object_representations_v<T>;

class snapshot_writer {
 public:
  static constexpr bool loads = false;

  template <class... Parts> void operator()(const Parts&... parts) { (put(parts), ...); }
  /// A vector that has the same size wherever the image is loaded.
  template <class T, class A> void fixed(const std::vector<T, A>& all) { put(all); }

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  template <plain T> void put(const T& value) { put_bytes(&value, sizeof value); }
  template <class T> requires(!plain<T>) void put(const T& object) { const_cast<T&>(object).snapshot(*this); }
  template <class T, class A> void put(const std::vector<T, A>& all) {
    put(std::uint64_t{all.size()});
    if constexpr (plain<T>) put_bytes(all.data(), all.size() * sizeof(T));
    else for (const T& one : all) put(one);
  }
  template <class K, class V> void put(const std::map<K, V>& all) {
    put(std::uint64_t{all.size()});
    for (const auto& [key, value] : all) (*this)(key, value);
  }
  void put_bytes(const void* from, std::size_t count) {
    const auto* const first = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), first, first + count);
  }

  std::vector<std::byte> bytes_;
};

/// Throws std::invalid_argument for bytes that are no image of such objects, before it allocates more than they hold.
class snapshot_reader {
 public:
  static constexpr bool loads = true;

  explicit snapshot_reader(std::span<const std::byte> bytes) : left_(bytes) {}

  template <class... Parts> void operator()(Parts&... parts) { (get(parts), ...); }
  template <class T, class A> void fixed(std::vector<T, A>& all) {
    const auto size = all.size();
    get(all);
    if (all.size() != size) refuse();
  }

  /// REQUIRED, at the end.
  void finish() const {
    if (!left_.empty()) refuse();
  }
  [[noreturn]] static void refuse() { throw std::invalid_argument("this is no snapshot image of such a network"); }

 private:
  template <plain T> void get(T& value) { get_bytes(&value, sizeof value); }
  template <class T> requires(!plain<T>) void get(T& object) { object.snapshot(*this); }
  template <class T, class A> void get(std::vector<T, A>& all) {
    const auto size = get_size(plain<T> ? sizeof(T) : 1);
    all.resize(size);
    if constexpr (plain<T>) get_bytes(all.data(), size * sizeof(T));
    else for (T& one : all) get(one);
  }
  template <class K, class V> void get(std::map<K, V>& all) {
    all.clear();
    for (auto left = get_size(sizeof(K)); left > 0; --left) {
      K key;
      get(key);
      get(all[key]);
    }
  }
  std::size_t get_size(std::size_t least_bytes) {
    std::uint64_t size = 0;
    get(size);
    if (size > left_.size() / least_bytes) refuse();
    return size;
  }
  void get_bytes(void* to, std::size_t count) {
    if (count > left_.size()) refuse();
    if (count != 0) std::memcpy(to, left_.data(), count);
    left_ = left_.subspan(count);
  }

  std::span<const std::byte> left_;
};

}  // namespace volley::runtime
