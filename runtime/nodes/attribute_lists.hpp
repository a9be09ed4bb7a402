// Values that are lists, as users give them.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "models/core/neuron_model.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class attributes;
struct column_image;

/// The lists that one value gives: one for all nodes, or one for each position, where some may be absent.
struct given_lists {
  std::vector<std::vector<double>> lists;
  std::vector<bool> absent;
  bool by_position = false;
};
/// What a value is for a list's key. None where it is neither a list of numbers nor a list of such lists, nor a number
/// that stands for a list.
std::optional<given_lists> lists_in(const models::field& key, const value& v);

/// True for a list with an entry for each node; false for a list that is the value of a node, and for all else.
bool has_entry_a_node(const attributes& of, std::string_view key, const value& v);

/// The entries of each list that cells need which get these values.
std::vector<std::uint32_t> shape_for(const attributes& of, const dictionary& values);
/// The entries of each list in the image of a model's cells.
std::vector<std::uint32_t> shape_of(const models::neuron_model& model, std::span<const column_image> image);

}  // namespace volley::runtime
