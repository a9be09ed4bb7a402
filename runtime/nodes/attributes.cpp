#include "runtime/nodes/attributes.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>

#include "runtime/base/contract.hpp"
#include "runtime/base/nearest_name.hpp"
#include "runtime/nodes/attribute_change.hpp"
#include "runtime/nodes/attribute_lists.hpp"
#include "runtime/values/field_values.hpp"

namespace volley::runtime {

namespace {

using models::field;
using models::part;

/// What can be set beside the fields: see attribute_change::read_special.
constexpr std::array<std::string_view, 3> archive_commands{"clear", "synaptic_elements", "synaptic_elements_param"};

bool has_column(const field& f) { return f.where == part::params || f.where == part::state || f.where == part::node; }

/// Of the columns of synaptic elements in an image.
const std::string element_prefix = "synaptic_elements.";

/// One value for all cells, or one a cell.
void write(column& to, const column_image& from, std::uint32_t cells) {
  for (std::uint32_t cell = 0; cell < cells; ++cell) to.set(cell, from.values[from.values.size() == 1 ? 0 : cell]);
}

std::vector<models::list_place> places_in(const models::neuron_model& model) {
  if (model.own == nullptr) return {};
  return models::places_of_lists(*model.own, model.lists, model.shape);
}

}  // namespace

attributes::attributes(const models::neuron_model& model)
    : model_(&model), places_(places_in(model)), nodes_{0, 1, 1}, is_prototype_(true), elements_(1) {
  for (const double value : model.default_params) columns_.emplace_back(1, value);
  for (const double value : model.default_state) columns_.emplace_back(1, value);
  for (const double value : models::values_of(node_record{})) columns_.emplace_back(1, value);
}

attributes::attributes(const attributes& prototype, const local_ids& nodes)
    : model_(prototype.model_),
      shaped_(prototype.shaped_),
      places_(prototype.places_),
      nodes_(nodes),
      is_prototype_(false),
      elements_(prototype.elements_, nodes.count) {
  columns_.reserve(prototype.columns_.size());
  for (const column& c : prototype.columns_) columns_.emplace_back(nodes.count, c[0]);
}

std::vector<const field*> attributes::fields() const {
  std::vector<const field*> all;
  for (const field& f : model_->fields) all.push_back(&f);
  for (const field& f : node_fields) all.push_back(&f);
  return all;
}

std::vector<const field*> attributes::stored_fields() const {
  auto all = fields();
  std::erase_if(all, [](const field* f) { return !has_column(*f); });
  return all;
}

std::size_t attributes::at(const field& f) const {
  expects(has_column(f), "a field with a column");
  const auto column = static_cast<std::size_t>(f.column);
  if (f.where == part::params) return column;
  return f.where == part::state ? model_->params() + column : node_at(f.column);
}

const field* attributes::find(std::string_view key) const {
  for (const auto table : {model_->fields, std::span<const field>(node_fields)})
    for (const field& f : table)
      if (f.is_key && f.name == key) return &f;
  return nullptr;
}

void attributes::append_members(std::uint32_t cell, std::vector<double>& to) const {
  for (const column& c : std::span(columns_).first(model_->params() + model_->state())) to.push_back(c[cell]);
}

double attributes::absolute(const field& f, std::uint32_t cell) const {
  if (f.where == part::computed) {
    std::vector<double> members;
    append_members(cell, members);
    return f.compute(members.data(), nullptr, members.data() + model_->params());
  }
  const double stored = columns_[at(f)][cell];
  return f.relative_to == field::nowhere ? stored : stored + params(static_cast<std::size_t>(f.relative_to))[cell];
}

std::vector<std::string> attributes::recordables(std::uint32_t cell) const {
  std::vector<std::string> names;
  for (const field& f : model_->fields) {
    const bool lacks = f.list != field::nowhere && f.entry >= length(static_cast<std::size_t>(f.list), cell);
    if (f.is_recordable && !lacks) names.emplace_back(f.name);
  }
  std::ranges::sort(names);
  return names;
}

bool attributes::has_uniform_params() const {
  return std::ranges::all_of(std::span(columns_).first(model_->params()), &column::is_uniform);
}

bool attributes::has_same_params(std::uint32_t cell, std::uint32_t other) const {
  for (std::size_t i = 0; i < model_->params(); ++i)
    if (params(i)[cell] != params(i)[other]) return false;
  return true;
}

bool attributes::has(std::string_view key) const { return !get(key).is_none(); }

std::string attributes::refusal(std::string_view key, bool of_model) const {
  if (std::ranges::find(archive_commands, key) != archive_commands.end()) return {};
  const field* const f = find(key);
  if (f != nullptr && !f->is_read_only && !(f->is_instance_only && of_model)) return {};
  const std::string name(key), message = "Unaccessed dictionary entry: " + std::string(model_->name);
  if (has(key))
    return message + " reports '" + name + "', which cannot be set" +
           (f != nullptr && f->is_instance_only ? " for a model, only for a node" : "");
  std::vector<std::string_view> names;
  for (const field* const known : fields())
    if (known->is_key && !known->is_read_only) names.push_back(known->name);
  return message + " has no property '" + name + "'" + did_you_mean(key, names);
}

value attributes::get(std::string_view key, std::uint32_t cell) const {
  if (const field* const f = find(key)) {
    if (f->where == part::list) return list_of(*f, cell);
    return f->where == part::group ? group_of(key, cell) : value(shown(*f, absolute(*f, cell)));
  }
  if (key == "element_type") return "neuron";
  if (key == "node_uses_wfr") return false;
  if (key == "synaptic_elements") return elements_.get(cell);
  if (key == "receptor_types") return receptor_types();
  if (key == "recordables" && model_->takes_meters) return recordables(cell);
  return {};
}

value attributes::get(std::string_view key, std::span<const std::uint32_t> cells) const {
  const field* const f = find(key);
  if (f == nullptr || f->where == part::list || f->where == part::group) return {};
  std::vector<double> numbers(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) numbers[i] = absolute(*f, cells[i]);
  return shown_column(*f, numbers);
}

std::vector<std::string> attributes::keys() const {
  std::vector<std::string> names;
  for (const field* const f : fields())
    if (f->is_key) names.emplace_back(f->name);
  for (const char* const key : {"element_type", "node_uses_wfr", "synaptic_elements", "receptor_types", "recordables"})
    if (has(key)) names.emplace_back(key);
  return names;
}

dictionary attributes::get_all(std::uint32_t cell) const {
  dictionary all;
  for (const auto& key : keys()) all[key] = get(key, cell);
  return all;
}

change_effect attributes::set(const dictionary& values, std::span<const std::uint32_t> cells,
                              std::span<const std::uint64_t> positions, const value_reading& how) {
  if (std::ranges::equal(shape_for(*this, values), model_->shape))
    return attribute_change(*this, values, cells, positions, how).commit();
  auto grown = with_room_for(values);
  auto effect = attribute_change(grown, values, cells, positions, how).commit();
  *this = std::move(grown);
  return effect;
}

change_effect attributes::set(const dictionary& values) {
  std::vector<std::uint32_t> all(size());
  std::iota(all.begin(), all.end(), 0);
  return set(values, all);
}

std::uint64_t attributes::bytes() const {
  std::uint64_t bytes = columns_.capacity() * sizeof(column) + elements_.bytes();
  for (const column& c : columns_) bytes += c.bytes();
  return bytes;
}

// Columns that are uniform stay so.
void attributes::take(const attributes& others, std::span<const cell_pair> cells, bool first) {
  expects(others.model_->loop == model_->loop && !cells.empty(), "cells take the values of their model");
  std::vector<std::uint32_t> shape(model_->shape.begin(), model_->shape.end());
  for (std::size_t i = 0; i < shape.size(); ++i) shape[i] = std::max(shape[i], others.model_->shape[i]);
  reshape(shape);
  if (!std::ranges::equal(others.model_->shape, shape)) {
    auto roomy = others;
    roomy.reshape(shape);
    return take(roomy, cells, first);
  }
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (first) columns_[i].fill(others.columns_[i][cells.front().there]);
    for (const auto& [here, there] : cells) columns_[i].set(here, others.columns_[i][there]);
  }
  for (const auto& [here, there] : cells) elements_.take(here, others.elements_, there);
}

std::vector<column_image> attributes::image() const {
  std::vector<column_image> result;
  const auto add = [&](std::string name, const column& c) {
    column_image& image = result.emplace_back(std::move(name), std::vector<double>(c.is_alike() ? 1 : size()));
    for (std::uint32_t cell = 0; cell < image.values.size(); ++cell) image.values[cell] = c[cell];
  };
  for (const field* const f : stored_fields()) add(std::string(f->name), columns_[at(*f)]);
  elements_.for_each_column([&](const std::string& name, const column& c) { add(element_prefix + name, c); });
  return result;
}

void attributes::restore(std::span<const column_image> image) {
  if (auto shape = shape_of(*model_, image); can_have(shape) && !std::ranges::equal(shape, model_->shape)) {
    auto other = *this;
    other.reshape(std::move(shape));
    other.restore(image);
    *this = std::move(other);
    return;
  }
  const std::vector<const field*> all = stored_fields();
  const auto refuse = [this] {
    throw std::invalid_argument("the image is of another model or size: " + std::string(model_->name));
  };
  const auto fits = [this](const column_image& c) { return c.values.size() == 1 || c.values.size() == size(); };
  if (image.size() < all.size() || !std::ranges::all_of(image, fits)) refuse();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (image[i].name != all[i]->name) refuse();
  synaptic_elements elements(size());
  for (const auto& one : image.subspan(all.size())) {
    auto* const made = one.name.starts_with(element_prefix)
                           ? elements.column_named(std::string_view(one.name).substr(element_prefix.size()))
                           : nullptr;
    if (made == nullptr) return refuse();
    write(*made, one, size());
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    column& c = columns_[at(*all[i])];
    if (image[i].values.size() == 1)
      c.fill(image[i].values[0]);
    else
      write(c, image[i], size());
  }
  elements_ = std::move(elements);
}

}  // namespace volley::runtime
