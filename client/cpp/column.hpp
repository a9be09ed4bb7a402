// A column of numbers with a shared owner, so that ten million recorded events reach their reader without a copy.
#pragma once
#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace volley::client {

/// Immutable; copies share the numbers.
template <class Number> class Column {
 public:
  Column() = default;
  Column(std::vector<Number> numbers) {
    auto owner = std::make_shared<const std::vector<Number>>(std::move(numbers));
    view_ = *owner;
    owner_ = std::move(owner);
  }
  Column(std::initializer_list<Number> numbers) : Column(std::vector<Number>(numbers)) {}
  /// `numbers` live as long as `owner` does.
  Column(std::shared_ptr<const void> owner, std::span<const Number> numbers)
      : owner_(std::move(owner)), view_(numbers) {}

  std::span<const Number> view() const { return view_; }
  const Number* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  const Number& operator[](std::size_t i) const { return view_[i]; }
  auto begin() const { return view_.begin(); }
  auto end() const { return view_.end(); }
  const std::shared_ptr<const void>& owner() const { return owner_; }

  bool operator==(const Column& other) const { return std::ranges::equal(view_, other.view_); }

 private:
  std::shared_ptr<const void> owner_;
  std::span<const Number> view_;
};

}  // namespace volley::client
