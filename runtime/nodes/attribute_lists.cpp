// Values that are lists: their entries are columns, of which a cell uses as many as its list is long.
#include "runtime/nodes/attribute_lists.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/nodes/attributes.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {

using models::field;
using models::part;

namespace {

/// A value that is one list of numbers; none where it is something else.
std::optional<std::vector<double>> numbers_in(const value& v) {
  if (v.is<empty_vector>()) return std::vector<double>();
  if (const auto* x = v.get_if<std::vector<double>>()) return *x;
  if (const auto* i = v.get_if<std::vector<std::int64_t>>()) return std::vector<double>(i->begin(), i->end());
  const auto* mixed = v.get_if<std::vector<value>>();
  if (mixed == nullptr) return std::nullopt;
  std::vector<double> numbers;
  for (const value& element : *mixed) {
    const auto x = number_of(element);
    if (!x) return std::nullopt;
    numbers.push_back(*x);
  }
  return numbers;
}

}  // namespace

std::optional<given_lists> lists_in(const field& key, const value& v) {
  if (key.takes_number)
    if (const auto x = number_of(v)) return given_lists{{{*x}}, {}, false};
  if (auto one = numbers_in(v)) return given_lists{{std::move(*one)}, {}, false};
  given_lists all{{}, {}, true};
  if (const auto* m = v.get_if<matrix>()) {
    for (std::uint64_t row = 0; row < m->rows; ++row) {
      const auto first = m->data.begin() + static_cast<std::ptrdiff_t>(row * m->columns);
      all.lists.emplace_back(first, first + static_cast<std::ptrdiff_t>(m->columns));
    }
    all.absent.resize(all.lists.size());
    return all;
  }
  const auto* each = v.get_if<std::vector<value>>();
  if (each == nullptr) return std::nullopt;
  for (const value& element : *each) {
    auto one = element.is_none() ? std::vector<double>() : numbers_in(element);
    if (!one) return std::nullopt;
    all.lists.push_back(std::move(*one));
    all.absent.push_back(element.is_none());
  }
  return all;
}

bool has_entry_a_node(const attributes& of, std::string_view key, const value& v) {
  const field* const row = of.list_row(key);
  if (row == nullptr) return is_list(v);
  const auto given = lists_in(*row, v);
  return given && given->by_position;
}

std::vector<std::uint32_t> shape_for(const attributes& of, const dictionary& values) {
  const auto& model = of.model();
  std::vector<std::uint32_t> shape(model.shape.begin(), model.shape.end());
  for (const field& f : model.fields) {
    if (f.where != part::list) continue;
    const value* const v = values.find(f.name);
    const auto given = v == nullptr ? std::nullopt : lists_in(f, *v);
    if (!given) continue;
    auto& entries = shape[static_cast<std::size_t>(f.list)];
    for (const auto& list : given->lists) entries = std::max(entries, static_cast<std::uint32_t>(list.size()));
  }
  return shape;
}

std::vector<std::uint32_t> shape_of(const models::neuron_model& model, std::span<const column_image> image) {
  std::vector<std::uint32_t> shape;
  if (model.lists.empty()) return shape;
  std::set<std::string_view> names;
  for (const column_image& column : image) names.insert(column.name);
  for (const models::list_model& list : model.lists) {
    std::uint32_t entries = 0;
    while (names.contains(models::entry_name(list.fields[0], entries))) ++entries;
    shape.push_back(entries);
  }
  return shape;
}

bool attributes::can_have(std::span<const std::uint32_t> shape) const {
  if (shape.size() != model_->shape.size()) return false;
  if (shape.empty()) return true;
  // Positions of columns have 15 bits.
  std::size_t columns = model_->own->params() + model_->own->state() + 2 * shape.size();
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto& list = model_->lists[i];
    columns += shape[i] * (list.params.size() + list.state.size() + list.inputs + list.derived);
  }
  return columns <= std::numeric_limits<std::int16_t>::max();
}

void attributes::reshape(std::vector<std::uint32_t> shape) {
  if (std::ranges::equal(shape, model_->shape)) return;
  if (!can_have(shape))
    throw api_error(error_kind::BadProperty, std::string(model_->name) + ": the lists have too many entries");
  std::map<std::string_view, column*> old;
  for (const field* const f : stored_fields()) old[f->name] = &columns_[at(*f)];
  auto shaped = std::make_shared<const models::shaped_model>(*model_, std::move(shape));
  const auto& model = shaped->model();
  const std::size_t n_node = models::columns_of<node_record>;
  std::vector<column> columns;
  for (const double x : model.default_params) columns.emplace_back(size(), x);
  for (const double x : model.default_state) columns.emplace_back(size(), x);
  for (std::size_t i = columns_.size() - n_node; i < columns_.size(); ++i) columns.push_back(columns_[i]);
  for (const field& f : model.fields) {
    if (f.where != part::params && f.where != part::state) continue;
    column& c = columns[static_cast<std::size_t>(f.column) + (f.where == part::state ? model.params() : 0)];
    if (const auto from = old.find(f.name); from != old.end()) {
      c = std::move(*from->second);
    } else if (f.list != field::nowhere && f.where == part::params) {
      const auto& list = model.lists[static_cast<std::size_t>(f.list)];
      const auto first = shaped->places()[static_cast<std::size_t>(f.list)].params;
      c.fill(list.params[(static_cast<std::size_t>(f.column) - first) % list.params.size()]);
    }
  }
  columns_ = std::move(columns);
  places_.assign(shaped->places().begin(), shaped->places().end());
  shaped_ = std::move(shaped);
  model_ = &shaped_->model();
}

const field* attributes::list_row(std::string_view key) const {
  const field* const f = find(key);
  return f != nullptr && f->where == part::list ? f : nullptr;
}

attributes attributes::with_room_for(const dictionary& values) const {
  auto roomy = *this;
  roomy.reshape(shape_for(*this, values));
  return roomy;
}

value attributes::list_of(const field& key, std::uint32_t cell) const {
  const auto i = static_cast<std::size_t>(key.list);
  const auto& list = model_->lists[i];
  const bool of_params = key.entries == part::params;
  const std::size_t first = of_params ? places_[i].params : model_->params() + places_[i].state;
  const std::size_t members = of_params ? list.params.size() : list.state.size();
  std::vector<double> numbers(length(i, cell));
  for (std::size_t k = 0; k < numbers.size(); ++k)
    numbers[k] = columns_[first + k * members + static_cast<std::size_t>(key.column)][cell];
  return numbers;
}

std::span<const models::channel> attributes::channels(std::uint32_t cell) const {
  if (model_->own == nullptr) return model_->channels;
  std::size_t n = model_->own->channels.size();
  if (model_->makes_entries()) return model_->channels.first(n);
  for (std::size_t i = 0; i < model_->lists.size(); ++i) n += model_->lists[i].channels.size() * length(i, cell);
  return model_->channels.first(n);
}

std::size_t attributes::list_of_receptors() const {
  std::size_t i = 0;
  while (model_->lists[i].channels.empty()) ++i;
  return i;
}

bool attributes::has_room_for(std::uint32_t entries) const {
  std::vector<std::uint32_t> shape(model_->shape.begin(), model_->shape.end());
  shape[list_of_receptors()] = entries;
  return can_have(shape);
}

void attributes::add_entries(std::span<const std::uint32_t> more) {
  const auto list = list_of_receptors();
  std::vector<std::uint32_t> shape(model_->shape.begin(), model_->shape.end());
  for (std::uint32_t cell = 0; cell < more.size(); ++cell)
    shape[list] = std::max(shape[list], length(list, cell) + more[cell]);
  reshape(std::move(shape));
  column& lengths = columns_[places_[list].length];
  for (std::uint32_t cell = 0; cell < more.size(); ++cell)
    if (more[cell] != 0) lengths.set(cell, lengths[cell] + more[cell]);
}

bool attributes::note_connections(std::uint32_t cell, bool there_are) {
  bool changes = false;
  for (std::size_t i = 0; i < model_->lists.size(); ++i) {
    if (model_->lists[i].lock_key.empty()) continue;
    column& lock = columns_[places_[i].lock];
    changes |= (lock[cell] != 0) != there_are;
    lock.set(cell, there_are ? 1 : 0);
  }
  return changes;
}

}  // namespace volley::runtime
