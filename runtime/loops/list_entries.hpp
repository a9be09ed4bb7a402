// What a step loop reads and writes: sums of input, columns, and the entries of a model's lists, which lie in columns
// behind those of its own members. Included by the loops of neurons alone.
#pragma once
#include <tuple>

#include "models/core/lists.hpp"
#include "models/core/neuron.hpp"
#include "runtime/loops/lane_structs.hpp"
#include "runtime/loops/step_call.hpp"

namespace volley::runtime {

template <class Struct, class V> Struct load_columns(const column_view* columns, std::uint32_t cell) {
  return load_struct<Struct, V>(
      [=](std::size_t i) { return models::ops<V>::load(columns[i].data + (cell & columns[i].every)); });
}

/// Reads the sums of one member and step, and leaves zeros for the next interval.
template <class V> [[gnu::always_inline]] inline V take(double* row, std::uint32_t cell) {
  if (row == nullptr) return V(0.0);
  const V sum = models::ops<V>::load(row + cell);
  models::ops<V>::store(row + cell, V(0.0));
  return sum;
}

/// The members of an Input whose first one is member `first` of the call's input.
template <class Input, class V> [[gnu::always_inline]] inline Input take_input(const step_call& call, std::size_t first,
                                                                               std::uint32_t lag, std::uint32_t cell) {
  return load_struct<Input, V>([&](std::size_t member) {
    const std::size_t row = (first + member) * call.steps + lag;
    const V sum = take<V>(call.rows[row], cell);
    return call.arrived == nullptr ? sum : take<V>(call.arrived[row], cell) + sum;
  });
}

/// Numbers of one step, allocated when they are asked for first.
template <class V> class scratch_room {
 public:
  scratch_room() = default;
  scratch_room(const scratch_room&) = delete;
  scratch_room& operator=(const scratch_room&) = delete;
  ~scratch_room() { delete[] numbers_; }

  std::span<V> first(std::size_t n) {
    if (n > size_) {
      delete[] numbers_;
      numbers_ = nullptr;
      numbers_ = new V[size_ = n];
    }
    return {numbers_, n};
  }

 private:
  V* numbers_ = nullptr;
  std::size_t size_ = 0;
};

/// The entries of list L for the vector of cells at hand.
template <class L, class V> class block_entries {
 public:
  struct place {
    const column_view* params;
    const column_view* derived;
    double* const* state;
    std::size_t first_input;
    std::uint32_t size;
  };

  block_entries(const step_call& call, const place& at, scratch_room<V>& scratch, const std::uint32_t& lag,
                const std::uint32_t& cell)
      : call_(call), at_(at), scratch_(scratch), lag_(lag), cell_(cell) {}

  std::uint32_t size() const { return at_.size; }
  template <class Struct> Struct params(std::uint32_t k) const {
    return load_columns<Struct, V>(at_.params + k * members<Struct, V>, cell_);
  }
  template <class Struct> Struct derived(std::uint32_t k) const {
    return load_columns<Struct, V>(at_.derived + k * members<Struct, V>, cell_);
  }
  template <class Struct> Struct state(std::uint32_t k) const {
    return load_struct<Struct, V>(
        [&](std::size_t i) { return models::ops<V>::load(at_.state[k * members<Struct, V> + i] + cell_); });
  }
  template <class Struct> void store(std::uint32_t k, const Struct& s) {
    store_struct<Struct, V>(
        s, [&](std::size_t i, V v) { models::ops<V>::store(at_.state[k * members<Struct, V> + i] + cell_, v); });
  }
  template <class Struct> Struct input(std::uint32_t k) {
    return take_input<Struct, V>(call_, at_.first_input + k * members<Struct, V>, lag_, cell_);
  }
  std::span<V> scratch(std::size_t n) { return scratch_.first(n); }
  V at(std::size_t member, V number) const {
    constexpr std::size_t in_entry = models::columns_of<typename L::template params<double>>;
    alignas(sizeof(V)) double values[models::ops<V>::width];
    models::ops<V>::store(values, number);
    for (std::size_t lane = 0; lane < std::size(values); ++lane) {
      const double n = values[lane];
      const auto* const column = at_.params + static_cast<std::size_t>(n) * in_entry + member;
      values[lane] = n >= 0 && n < at_.size ? column->data[(cell_ + lane) & column->every] : 0.0;
    }
    return models::ops<V>::load(values);
  }

 private:
  const step_call& call_;
  place at_;
  scratch_room<V>& scratch_;
  const std::uint32_t &lag_, &cell_;
};

/// The lists of model M in one call.
template <class M, class V, class Lists = models::lists_in<M>> class block_lists;
template <class M, class V, class... Lists> class block_lists<M, V, models::lists_of<Lists...>> {
 public:
  explicit block_lists(const step_call& call)
      : places_(find_places(call)), entries_(make(call, std::index_sequence_for<Lists...>())) {}
  block_lists(const block_lists&) = delete;
  block_lists& operator=(const block_lists&) = delete;

  /// The step and the first cell that follow.
  [[gnu::always_inline]] void at(std::uint32_t lag, std::uint32_t cell) {
    if constexpr (sizeof...(Lists) > 0) {
      lag_ = lag;
      cell_ = cell;
    }
  }
  template <class Step> [[gnu::always_inline]] void pass_to(Step&& step) { std::apply(step, entries_); }

 private:
  template <class L> static constexpr bool has_lock = requires { L::lock_key; };
  using all_places = std::tuple<typename block_entries<Lists, V>::place...>;

  static all_places find_places([[maybe_unused]] const step_call& call) {
    if constexpr (sizeof...(Lists) == 0) {
      return {};
    } else {
      // As places_of_lists() lays them out.
      auto params =
          call.params + models::columns_of<typename M::template params<double>> + (0 + ... + (has_lock<Lists> ? 2 : 1));
      auto derived = call.derived + models::columns_of<typename M::template derived<double>>;
      auto state = call.state + models::columns_of<typename M::template state<double>>;
      std::size_t input = models::columns_of<typename M::template input<double>>;
      const std::uint32_t* size = call.entries;
      const auto next = [&]<class L>(L*) {
        const typename block_entries<L, V>::place here{params, derived, state, input, *size};
        params += *size * models::columns_of<typename L::template params<double>>;
        derived += *size * models::columns_of<typename L::template derived<double>>;
        state += *size * models::columns_of<typename L::template state<double>>;
        input += *size * models::columns_of<typename L::template input<double>>;
        ++size;
        return here;
      };
      return all_places{next(static_cast<Lists*>(nullptr))...};
    }
  }
  template <std::size_t... I> auto make(const step_call& call, std::index_sequence<I...>) {
    return std::tuple{models::entries<Lists, V, block_entries<Lists, V>>(
        block_entries<Lists, V>(call, std::get<I>(places_), scratch_, lag_, cell_))...};
  }
  using all_entries = std::tuple<models::entries<Lists, V, block_entries<Lists, V>>...>;

  std::uint32_t lag_ = 0, cell_ = 0;
  scratch_room<V> scratch_;
  all_places places_;
  all_entries entries_;
};

}  // namespace volley::runtime
