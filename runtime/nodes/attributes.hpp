// The values of the cells of one model as users read and set them: parameters, state, and what every node has. One
// object serves the prototype behind GetDefaults, SetDefaults and CopyModel (one cell) and the nodes of a population.
// Nothing here knows a model; all follows from the tables of fields.
#pragma once
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "models/core/shaped_model.hpp"
#include "runtime/base/column.hpp"
#include "runtime/base/layout.hpp"
#include "runtime/growth/synaptic_elements.hpp"
#include "runtime/nodes/node_fields.hpp"
#include "runtime/space/layer.hpp"
#include "runtime/values/draw_site.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// What a change touched beyond the values themselves.
struct change_effect {
  bool params = false;                 ///< derived constants of the cells must be computed again
  bool frozen = false;                 ///< the set of frozen cells may differ
  std::vector<std::uint32_t> cleared;  ///< cells whose spike history the user cleared (key `clear`)
};

/// What values need to become numbers, and which count.
struct value_reading {
  draws_of_call draws = {};
  bool known_only = false;       ///< keys that the model does not know are passed over
  const layer* where = nullptr;  ///< of the nodes, whose population knows it; null: they have no positions
  template <class Snapshot> void snapshot(Snapshot& s) { s(draws, known_only); }
};

/// The values of one column: one value while all cells have the same, else one a cell.
struct column_image {
  std::string name;
  std::vector<double> values;
  bool operator==(const column_image&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) { s(name, values); }
};

class attributes {
 public:
  /// The prototype of a model, with its defaults. The model must outlive all attributes made from it.
  explicit attributes(const models::neuron_model& model);
  /// Nodes like the prototype.
  attributes(const attributes& prototype, const local_ids& nodes);

  /// With a column for each member of as many list entries as the longest lists have; a change of values may add some.
  const models::neuron_model& model() const { return *model_; }
  std::uint32_t size() const { return nodes_.count; }
  bool is_prototype() const { return is_prototype_; }

  /// The keys that get() knows.
  std::vector<std::string> keys() const;
  bool has(std::string_view key) const;
  /// Why nobody can set a key: of a model's defaults, or else of a node. Empty for keys that can be set.
  std::string refusal(std::string_view key, bool of_model) const;
  /// One value of one cell; none for an unknown key.
  value get(std::string_view key, std::uint32_t cell = 0) const;
  /// The values of many cells as a column (of float, bool or int); none for an unknown key or one that is no number.
  value get(std::string_view key, std::span<const std::uint32_t> cells) const;
  /// The parameters and state of a cell, as stored: what computed rows read.
  void append_members(std::uint32_t cell, std::vector<double>& to) const;
  /// All keys of one cell.
  dictionary get_all(std::uint32_t cell = 0) const;

  /// Sets keys of `cells` (ascending, distinct). A scalar goes to all of them; a list is indexed by `positions` (one
  /// entry a cell; 0, 1, ... when empty), where an entry that is none leaves its cell's value alone. Lists are refused
  /// for a prototype. Parameters, single or in lists, are drawn for each node; the place of the draws is that of
  /// the key, from 1. All values are checked before the first is changed: throws api_error UnaccessedDictionaryEntry,
  /// TypeMismatch, BadProperty, DimensionMismatch or NotImplemented, with the id of the first node that is refused as
  /// its place, and then nothing has changed.
  change_effect set(const dictionary& values, std::span<const std::uint32_t> cells,
                    std::span<const std::uint64_t> positions = {}, const value_reading& how = {});
  /// All cells.
  change_effect set(const dictionary& values);

  // What can be connected to a cell, and recorded of it. Where a model has lists, a cell has as many as its lists say:
  // whoever asks names the cell.
  std::span<const models::channel> channels(std::uint32_t cell = 0) const;
  /// Sorted.
  std::vector<std::string> recordables(std::uint32_t cell = 0) const;

  /// The row of a key whose value is a list; null for others.
  const models::field* list_row(std::string_view key) const;
  /// The same values, with room for the lists that `values` give. Errors: BadProperty for too many entries.
  attributes with_room_for(const dictionary& values) const;
  /// Whether connections end at receptors of a cell from now on. False where that was known, or where the model does
  /// not show it.
  bool note_connections(std::uint32_t cell, bool there_are);
  /// Entries of the list with receptors that a cell has, and has room for.
  std::uint32_t entries(std::uint32_t cell) const { return length(list_of_receptors(), cell); }
  bool has_room_for(std::uint32_t entries) const;
  /// So many more, by cell. REQUIRES: there is room for them.
  void add_entries(std::span<const std::uint32_t> more);

  bool has_uniform_params() const;
  bool has_same_params(std::uint32_t cell, std::uint32_t other) const;

  /// What structural plasticity connects.
  synaptic_elements& elements() { return elements_; }
  const synaptic_elements& elements() const { return elements_; }

  column& params(std::size_t member) { return columns_[member]; }
  const column& params(std::size_t member) const { return columns_[member]; }
  column& state(std::size_t member) { return columns_[model_->params() + member]; }
  const column& state(std::size_t member) const { return columns_[model_->params() + member]; }
  column& node(double node_record::*member) { return columns_[node_at(models::column_of(member))]; }
  const column& node(double node_record::*member) const { return columns_[node_at(models::column_of(member))]; }

  /// A cell here, and the one of others whose values it takes.
  struct cell_pair {
    std::uint32_t here, there;
  };
  /// Some cells take the values of others of the same model; the first that do of a block give them to all its cells.
  /// REQUIRES: one pair at least. Errors: those of reshape.
  void take(const attributes& others, std::span<const cell_pair> cells, bool first);

  std::uint64_t bytes() const;

  /// Every column, in the order of the tables, then those of synaptic elements. A list of other names or sizes is
  /// refused: std::invalid_argument, unchanged.
  std::vector<column_image> image() const;
  void restore(std::span<const column_image> image);
  template <class Snapshot> void snapshot(Snapshot& s) {
    std::vector<std::uint32_t> shape(model_->shape.begin(), model_->shape.end());
    s(shape);
    if constexpr (Snapshot::loads) {
      if (!can_have(shape)) s.refuse();
      reshape(std::move(shape));
    }
    for (column& c : columns_) s(c);
    s(elements_);
  }

 private:
  friend class attribute_change;

  std::size_t node_at(std::int16_t member) const {
    return model_->params() + model_->state() + static_cast<std::size_t>(member);
  }
  std::size_t at(const models::field& f) const;
  bool can_have(std::span<const std::uint32_t> shape) const;
  /// Makes room for so many entries of each list: new ones are those of a cell that lacks them.
  void reshape(std::vector<std::uint32_t> shape);
  std::uint32_t length(std::size_t list, std::uint32_t cell) const {
    return static_cast<std::uint32_t>(columns_[places_[list].length][cell]);
  }
  std::size_t list_of_receptors() const;
  value list_of(const models::field& key, std::uint32_t cell) const;
  dictionary group_of(std::string_view key, std::uint32_t cell) const;
  /// The row of a member of a group; null for an unknown one.
  const models::field* find_member(std::string_view group, std::string_view name) const;
  /// None where receptors have no names.
  value receptor_types() const;
  const models::field* find(std::string_view key) const;
  double absolute(const models::field& f, std::uint32_t cell) const;
  /// The rows of the model's table, then those of every node.
  std::vector<const models::field*> fields() const;
  std::vector<const models::field*> stored_fields() const;

  const models::neuron_model* model_;
  std::shared_ptr<const models::shaped_model> shaped_;  // the model, unless it is the catalog's
  std::vector<models::list_place> places_;
  local_ids nodes_;
  bool is_prototype_;
  std::vector<column> columns_;  // params, state, node
  synaptic_elements elements_;
};

}  // namespace volley::runtime
