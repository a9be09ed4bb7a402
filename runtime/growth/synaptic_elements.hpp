// The synaptic elements of the cells of one block: places where connections of structural plasticity can begin or end,
// of which each cell has some of a few kinds. Kept by columns; cells of a block may have different ones.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/column.hpp"
#include "runtime/growth/element_fields.hpp"
#include "runtime/growth/element_settings.hpp"
#include "runtime/growth/growth_curve.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class synaptic_elements {
 public:
  explicit synaptic_elements(std::uint32_t cells) : cells_(cells) {}
  /// Cells with the elements that the one cell of a prototype has.
  synaptic_elements(const synaptic_elements& prototype, std::uint32_t cells);

  /// No cell has any.
  bool empty() const { return elements_.empty(); }
  /// This cell has some.
  bool any(std::uint32_t cell) const;
  /// Position of an element among those that some cells have.
  std::optional<std::size_t> find(std::string_view name) const;
  bool has(std::size_t element, std::uint32_t cell) const {
    return elements_[element].get(&record::present, cell) != 0;
  }

  // ---- as users see them
  dictionary get(std::uint32_t cell) const;
  /// Why the cell cannot take settings, for elements in place of those that it has or for some of these; empty when it
  /// can.
  std::string why_not(std::uint32_t cell, std::span<const element_setting> settings, bool replaces) const;
  /// These cells have these elements and no others.
  void replace(std::span<const std::uint32_t> cells, std::span<const element_setting> settings);
  /// Some values of elements that they have.
  void update(std::span<const std::uint32_t> cells, std::span<const element_setting> settings);
  /// After replace(): forgets elements that no cell has any more.
  void sweep();

  // ---- growth
  /// Elements of a cell after a stretch without spikes.
  void grow(std::uint32_t cell, const quiet_time& stretch);
  /// Whole elements without a connection; negative where more are connected than there are.
  std::int64_t vacant(std::size_t element, std::uint32_t cell) const;
  /// Vacant elements of a cell go by their share.
  void decay_vacant(std::uint32_t cell);
  /// `more` connections of a cell's element; never below none. Allocates nothing.
  void occupy(std::size_t element, std::uint32_t cell, std::int64_t more);

  /// A cell has what one of others has.
  void take(std::uint32_t cell, const synaptic_elements& others, std::uint32_t there);

  std::uint64_t bytes() const;
  /// Calls visit(name of element and field, column) for all columns, in order; restore() makes them again from names.
  template <class Visit> void for_each_column(Visit&& visit) const {
    for (const element& e : elements_)
      for (const auto& f : element_fields) visit(e.name + "." + std::string(f.name), e.columns[at(f)]);
  }
  /// Makes the element and the column that a name of for_each_column() stands for, if it stands for any.
  column* column_named(std::string_view name);
  template <class Snapshot> void snapshot(Snapshot& s) {
    std::vector<std::string> names;
    for (const element& e : elements_) names.push_back(e.name);
    s(names);
    if constexpr (Snapshot::loads) {
      elements_.clear();
      for (auto& name : names) add(std::move(name));
    }
    for (element& e : elements_)
      for (column& c : e.columns) s(c);
  }

 private:
  using record = element_record;
  struct element {
    std::string name;
    std::vector<column> columns;  // by member of the record
    double get(double record::*member, std::uint32_t cell) const {
      return columns[static_cast<std::size_t>(models::column_of(member))][cell];
    }
    void set(double record::*member, std::uint32_t cell, double x) {
      columns[static_cast<std::size_t>(models::column_of(member))].set(cell, x);
    }
    growth_curve curve(std::uint32_t cell) const { return static_cast<growth_curve>(get(&record::growth_curve, cell)); }
  };
  static std::size_t at(const models::field& f) { return static_cast<std::size_t>(f.column); }
  element& add(std::string name);
  void put(element& e, std::size_t member, std::span<const std::uint32_t> cells, double x);
  void apply(element& e, std::span<const std::uint32_t> cells, const element_setting& setting);

  std::uint32_t cells_;
  std::vector<element> elements_;  // by first mention
};

}  // namespace volley::runtime
