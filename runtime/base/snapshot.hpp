// Objects as bytes and back: the image of a shard, and the orders and replies that travel between processes of one
// build.
//
// A class names its members once, in `template <class Snapshot> void snapshot(Snapshot& s)`, which serves both ways;
// what it derives from them it computes anew where `Snapshot::loads`. A class that cannot be filled in says instead how
// it is made: `void save(snapshot_writer&) const` and `static std::shared_ptr<const T> load(snapshot_reader&)`.
#pragma once
#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

namespace volley::runtime {

class snapshot_writer;

/// Values whose bytes are their image: numbers, and structs of integers without gaps that say nothing else.
template <class T> concept plain =
    !std::is_same_v<T, bool> && !std::is_pointer_v<T> && !requires(T & object, snapshot_writer& s) {
  object.snapshot(s);
}
&&(std::is_arithmetic_v<T> || std::is_enum_v<T> || std::has_unique_object_representations_v<T>);

class snapshot_writer {
 public:
  static constexpr bool loads = false;

  /// `expected`: bytes that there may be; more come at the cost of a copy.
  explicit snapshot_writer(std::size_t expected = 0) { bytes_.reserve(expected); }

  template <class... Parts> void operator()(const Parts&... parts) { (put(parts), ...); }
  /// A vector that has the same size wherever the image is loaded.
  template <class T, class A> void fixed(const std::vector<T, A>& all) { put(all); }
  /// Of a vector what comes from position `first` on, which may be behind its end.
  template <plain T, class A> void tail(const std::vector<T, A>& all, std::size_t first) {
    first = std::min(first, all.size());
    put(std::uint64_t{all.size() - first});
    put_bytes(all.data() + first, (all.size() - first) * sizeof(T));
  }
  /// An enumerator at most `last`.
  template <class E> void enumerator(const E& e, E /*last*/) { put(e); }

  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  template <plain T> void put(const T& value) { put_bytes(&value, sizeof value); }
  void put(bool value) { put(static_cast<std::uint8_t>(value)); }
  void put(const std::string& text) {
    put(std::uint64_t{text.size()});
    put_bytes(text.data(), text.size());
  }
  template <class T>
    requires(!plain<T>)
  void put(const T& object) { const_cast<T&>(object).snapshot(*this); }
  template <class T, class A> void put(const std::vector<T, A>& all) {
    put(std::uint64_t{all.size()});
    if constexpr (plain<T>)
      put_bytes(all.data(), all.size() * sizeof(T));
    else
      for (const T& one : all) put(one);
  }
  template <class K, class V> void put(const std::map<K, V>& all) {
    put(std::uint64_t{all.size()});
    for (const auto& [key, value] : all) (*this)(key, value);
  }
  template <class A, class B> void put(const std::pair<A, B>& both) { (*this)(both.first, both.second); }
  template <class T> void put(const std::optional<T>& maybe) {
    put(maybe.has_value());
    if (maybe) put(*maybe);
  }
  void put(const std::monostate&) {}
  template <class... Ts> void put(const std::variant<Ts...>& one) {
    put(static_cast<std::uint8_t>(one.index()));
    std::visit([this](const auto& content) { put(content); }, one);
  }
  /// What several pointers share is written once. Null pointers are legal.
  template <class T> void put(const std::shared_ptr<const T>& pointer) {
    static_assert(sizeof(T) != 0, "the type is known here");
    const auto [known, fresh] = shared_.emplace(pointer.get(), shared_.size());
    put(std::uint64_t{known->second});
    if (!fresh) return;
    put(pointer != nullptr);
    if (pointer == nullptr) return;
    if constexpr (requires { pointer->save(*this); })
      pointer->save(*this);
    else
      put(*pointer);
  }
  void put_bytes(const void* from, std::size_t count) {
    const auto* const first = static_cast<const std::byte*>(from);
    bytes_.insert(bytes_.end(), first, first + count);
  }

  std::vector<std::byte> bytes_;
  std::map<const void*, std::uint64_t> shared_;
};

/// Throws std::invalid_argument for bytes that are no image of such objects, before it allocates much more than they
/// hold.
class snapshot_reader {
 public:
  static constexpr bool loads = true;
  /// Lists and dictionaries within each other, at most, and objects that are pointed to.
  static constexpr int max_depth = 64, max_pointers = 256;

  explicit snapshot_reader(std::span<const std::byte> bytes) : left_(bytes) {}

  template <class... Parts> void operator()(Parts&... parts) { (get(parts), ...); }
  template <class T, class A> void fixed(std::vector<T, A>& all) {
    const auto size = all.size();
    get(all);
    if (all.size() != size) refuse();
  }
  template <class E> void enumerator(E& e, E last) {
    get(e);
    if (static_cast<std::underlying_type_t<E>>(e) < 0 || e > last) refuse();
  }

  /// REQUIRED, at the end.
  void finish() const {
    if (!left_.empty()) refuse();
  }
  [[noreturn]] static void refuse() { throw std::invalid_argument("these bytes are no image of such an object"); }

 private:
  template <plain T> void get(T& value) { get_bytes(&value, sizeof value); }
  void get(bool& value) {
    std::uint8_t byte = 0;
    get(byte);
    if (byte > 1) refuse();
    value = byte != 0;
  }
  void get(std::string& text) {
    text.resize(get_size(1));
    get_bytes(text.data(), text.size());
  }
  template <class T>
    requires(!plain<T>)
  void get(T& object) { object.snapshot(*this); }
  template <class T, class A> void get(std::vector<T, A>& all) {
    const auto size = get_size(plain<T> ? sizeof(T) : 1);
    if constexpr (plain<T>) {
      all.resize(size);
      get_bytes(all.data(), size * sizeof(T));
    } else if (all.size() == size) {
      for (T& one : all) get(one);
    } else {
      // One by one: a short image cannot ask for many large elements at once.
      all.clear();
      for (std::size_t i = 0; i < size; ++i) get(all.emplace_back());
    }
  }
  template <class K, class V> void get(std::map<K, V>& all) {
    all.clear();
    for (auto left = get_size(sizeof(K)); left > 0; --left) {
      K key;
      get(key);
      get(all[key]);
    }
  }
  template <class A, class B> void get(std::pair<A, B>& both) { (*this)(both.first, both.second); }
  template <class T> void get(std::optional<T>& maybe) {
    bool there = false;
    get(there);
    maybe.reset();
    if (there) get(maybe.emplace());
  }
  void get(std::monostate&) {}
  template <class... Ts> void get(std::variant<Ts...>& one) {
    std::uint8_t index = 0;
    get(index);
    if (index >= sizeof...(Ts) || ++depth_ > max_depth) refuse();
    get_alternative(one, index, std::index_sequence_for<Ts...>{});
    --depth_;
  }
  template <class Variant, std::size_t... I>
  void get_alternative(Variant& one, std::size_t index, std::index_sequence<I...>) {
    ((index == I ? get(one.template emplace<I>()) : void()), ...);
  }
  template <class T> void get(std::shared_ptr<const T>& pointer) {
    std::uint64_t number = 0;
    get(number);
    if (number > shared_.size()) refuse();
    if (number < shared_.size()) {
      const auto& [type, known] = shared_[number];
      if (known != nullptr && *type != typeid(T)) refuse();
      pointer = std::static_pointer_cast<const T>(known);
      return;
    }
    const auto place = shared_.size();
    shared_.emplace_back(&typeid(T), nullptr);
    bool there = false;
    get(there);
    if (++pointers_ > max_pointers) refuse();
    pointer = there ? made<T>() : nullptr;
    --pointers_;
    shared_[place].second = pointer;
  }
  template <class T> std::shared_ptr<const T> made() {
    static_assert(sizeof(T) != 0, "the type is known here");
    if constexpr (requires(const T& object, snapshot_writer& s) { object.save(s); }) {
      return T::load(*this);
    } else {
      auto object = std::make_shared<T>();
      get(*object);
      return object;
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
  std::vector<std::pair<const std::type_info*, std::shared_ptr<const void>>> shared_;
  int depth_ = 0, pointers_ = 0;  // how deep this object is in others
};

/// The bytes of one object, and the object again. Errors: std::invalid_argument.
template <class T> std::vector<std::byte> bytes_of(const T& object) {
  snapshot_writer s;
  s(object);
  return s.take();
}
template <class T> T object_of(std::span<const std::byte> bytes) {
  snapshot_reader s(bytes);
  T object;
  s(object);
  s.finish();
  return object;
}

}  // namespace volley::runtime
