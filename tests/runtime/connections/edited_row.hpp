// The row of one source, and edits of it.
#pragma once
#include <algorithm>
#include <memory>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/connections/row_editor.hpp"
#include "tests/runtime/connections/built_store.hpp"

namespace volley::runtime::tests {

struct edited_row : built_store {
  static constexpr std::uint64_t source = 1;
  const models::synapse_model& model;

  explicit edited_row(const char* name = "static_synapse")
      : edited_row(*std::ranges::find(models(), name, &models::synapse_model::name)) {}
  explicit edited_row(const models::synapse_model& m) : built_store(m), model(m) { add_nodes(1, 99); }

  /// Connections of the source to these nodes, with a delay of 1 ms.
  void connect(std::uint64_t first, std::uint64_t last, double weight) {
    auto p = all_to_all(ids(source, source), ids(first, last));
    p.weight = weight;
    p.defaults.assign(model.defaults.begin(), model.defaults.end());
    build({p});
  }

  /// An edit of the connections at some places of the row, staged.
  struct staged {
    connection_edit edit;
    row_editor editor;
    staged(edited_row& row, const std::vector<std::uint32_t>& places, connection_edit what)
        : edit(std::move(what)), editor(row.store, row.model, store_ordinal(0), edit) {
      row_reader reader(row.store, row.targets);
      const auto entries = reader.read_all(source);
      std::vector<row_editor::asked> changes;
      for (std::uint32_t i = 0; i < places.size(); ++i) changes.push_back({places[i], i});
      editor.stage(source, entries, changes);
    }
  };
  void edit(const std::vector<std::uint32_t>& places, connection_edit what) {
    staged s(*this, places, std::move(what));
    s.editor.make_room();
    s.editor.commit();
  }

  std::vector<double> weights() const {
    std::vector<double> all;
    for (const auto& c : connections()) all.push_back(c.weight);
    return all;
  }
  std::vector<std::uint64_t> nodes() const {
    std::vector<std::uint64_t> all;
    for (const auto& c : connections()) all.push_back(c.target);
    return all;
  }

 private:
  static const std::vector<models::synapse_model>& models() {
    static const auto all = models::built_in_synapses();
    return all;
  }
};

}  // namespace volley::runtime::tests
