// The description of a neuron model for nodes with so many entries in its lists: one more row and column for each
// member of each entry, so that whoever keeps, sets, records or snapshots columns needs to know nothing of lists.
#pragma once
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/core/neuron_model.hpp"

namespace volley::models {

/// Where the columns of a list begin in a model's params, state, derived constants and inputs, and where those are that
/// each list has once.
struct list_place {
  std::size_t params = 0, state = 0, derived = 0, inputs = 0;
  std::size_t length = 0;  ///< column of params: entries of a node
  std::size_t lock = 0;    ///< column of params: whether there are connections; where the list has a lock_key
};
std::vector<list_place> places_of_lists(const neuron_model& own, std::span<const list_model> lists,
                                        std::span<const std::uint32_t> shape);

class shaped_model {
 public:
  /// `like`: the model with any number of entries, or its description without columns for them, which must outlive
  /// this, with what it points to.
  shaped_model(const neuron_model& like, std::vector<std::uint32_t> shape);
  shaped_model(const shaped_model&) = delete;
  shaped_model& operator=(const shaped_model&) = delete;

  const neuron_model& model() const { return model_; }
  std::span<const list_place> places() const { return places_; }

 private:
  void add_lengths();
  void add_keys();
  void add_entries();
  void add_entry(std::size_t list, std::uint32_t entry);

  std::vector<std::uint32_t> shape_;
  std::vector<list_place> places_;
  std::deque<std::string> names_;
  std::vector<field> fields_;
  std::vector<channel> channels_;
  std::vector<double> params_, state_;
  neuron_model model_;
};

/// The name of the row of a member of entry `k`, from 0.
std::string entry_name(const field& member, std::uint32_t k);

/// The entries that a new node has of each list.
std::vector<std::uint32_t> default_shape(std::span<const list_model> lists);

}  // namespace volley::models
