// Lists in a neuron model: what a node has any number of, like receptors with a time constant each. A list is a struct
// like a model, whose params, state, derived and input are those of one entry:
//   fields                  a table of its members; keys show them as lists, recordable_as("I_") records I_1, I_2 ...
//   defaults() (optional)   an array of the params of the entries that a new node has; else it has none
//   channels (optional)     where entries are receptors: of the first; the others have the numbers that follow. Where
//                           the model has a channel `each_connection`, users do not see these numbers
//   length_key (optional)   key for the number of entries
//   lock_key (optional)     key for whether there are connections
//   calibrate(params of the model, params of the entry, resolution) -> derived of the entry
// The model names them, `using lists = models::lists_of<receptor>`, and its step gets each as entries<...> after the
// input. Nodes that step together have as many entries as the longest of their lists: what a node lacks has its
// defaults as params, and zeros as state, derived and input.
#pragma once
#include <cstdint>
#include <span>
#include <utility>

#include "models/core/field_table.hpp"

namespace volley::models {

template <class... Lists> struct lists_of { static constexpr std::size_t size = sizeof...(Lists); };

namespace detail {

template <class M> struct find_lists { using type = lists_of<>; };
template <class M>
  requires requires { typename M::lists; }
struct find_lists<M> {
  using type = typename M::lists;
};

/// What has the entries of no node: for the types of step alone.
struct no_entries {};

}  // namespace detail

template <class M> using lists_in = typename detail::find_lists<M>::type;

/// The entries of list L of a vector V of nodes, as a step reads and changes them. Source is where they are.
template <class L, class V, class Source> class entries {
 public:
  using params = typename L::template params<V>;
  using derived = typename L::template derived<V>;
  using state = typename L::template state<V>;
  using input = typename L::template input<V>;

  explicit entries(Source source) : source_(source) {}

  std::uint32_t size() const { return source_.size(); }

  /// Calls visit(params, derived, state) for each entry.
  template <class Visit> void read(Visit&& visit) const {
    for (std::uint32_t k = 0; k < size(); ++k)
      visit(source_.template params<params>(k), source_.template derived<derived>(k), source_.template state<state>(k));
  }
  /// The same, and keeps the state as visit leaves it.
  template <class Visit> void change(Visit&& visit) {
    for (std::uint32_t k = 0; k < size(); ++k) {
      state s = source_.template state<state>(k);
      visit(source_.template params<params>(k), source_.template derived<derived>(k), s);
      source_.store(k, s);
    }
  }
  /// The same with what arrived in this step, which is taken: visit(params, derived, state, input).
  template <class Visit> void receive(Visit&& visit) {
    for (std::uint32_t k = 0; k < size(); ++k) {
      state s = source_.template state<state>(k);
      visit(source_.template params<params>(k), source_.template derived<derived>(k), s,
            source_.template input<input>(k));
      source_.store(k, s);
    }
  }
  /// Room for numbers of one step; not the same as before.
  std::span<V> scratch(std::size_t n) { return source_.scratch(n); }
  /// Parameter `member` of the entry whose number is in each lane; those that are not there are 0.
  V at(double L::template params<double>::*member, V number) const {
    return source_.at(static_cast<std::size_t>(column_of(member)), number);
  }

 private:
  Source source_;
};

}  // namespace volley::models
