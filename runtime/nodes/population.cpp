#include "runtime/nodes/population.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include "models/core/math.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"

namespace volley::runtime {

using models::field;

population::population(const attributes& prototype, const local_ids& nodes, const loop_set& loops)
    : nodes_(nodes), attributes_(prototype, nodes), loop_(loop_of(prototype.model(), loops)) {
  fit_model();
}

// To the columns that the model has now.
void population::fit_model() {
  derived_.assign(model().derived, column(size(), 0.0));
  recordables_.clear();
  recordable_names_.clear();
  for (const field& f : model().fields)
    if (f.is_recordable) recordables_.push_back(&f);
  std::ranges::sort(recordables_, {}, &field::name);
  for (const field* const f : recordables_) recordable_names_.push_back(f->name);
}

void population::lie_in(layer_ref where) {
  expects(where == nullptr || (nodes_.first >= where->first() && nodes_.last() - where->first() < where->size()),
          "nodes lie in their layer");
  where_ = std::move(where);
}

change_effect population::set(const dictionary& values, std::span<const std::uint32_t> cells,
                              std::span<const std::uint64_t> positions, const value_reading& how) {
  auto here = how;
  here.where = where_.get();
  const auto* const before = &model();
  change_effect effect = attributes_.set(values, cells, positions, here);
  is_prepared_ = false;
  if (before != &model()) {
    fit_model();
    all_changed_ = true;
  }
  if (effect.frozen) find_frozen();
  if (effect.params && cells.size() < size() / 4)
    changed_.insert(changed_.end(), cells.begin(), cells.end());
  else
    all_changed_ |= effect.params;
  return effect;
}

bool population::note_connections(std::uint32_t cell, bool there_are) {
  const bool changes = attributes_.note_connections(cell, there_are);
  is_prepared_ &= !changes;
  return changes;
}

void population::add_entries(std::span<const std::uint32_t> more) {
  attributes_.add_entries(more);
  changed();
}

void population::restore(attributes values) {
  attributes_ = std::move(values);
  changed();
}

// Any value of any cell.
void population::changed() {
  fit_model();
  is_prepared_ = false;
  all_changed_ = true;
  find_frozen();
}

void population::prepare(const time_grid& grid) {
  if (!(grid == grid_)) all_changed_ = true;
  grid_ = grid;
  all_changed_ ? calibrate_all() : calibrate_changed();
  all_changed_ = false;
  changed_.clear();
  told_.prepare(attributes_, grid_);
  collect_views();
  is_prepared_ = true;
}

void population::calibrate(std::uint32_t cell, std::vector<double>& derived) const {
  std::vector<double> params(model().params());
  for (std::size_t i = 0; i < params.size(); ++i) params[i] = attributes_.params(i)[cell];
  derived.resize(derived_.size());
  model().calibrate(params.data(), {grid_.resolution_ms(), static_cast<double>(grid_.tics_per_ms())}, derived.data());
}

void population::calibrate_changed() {
  std::vector<double> derived;
  for (const std::uint32_t cell : changed_) {
    calibrate(cell, derived);
    for (std::size_t i = 0; i < derived.size(); ++i) derived_[i].set(cell, derived[i]);
  }
}

void population::calibrate_all() {
  if (size() == 0) return;
  std::vector<double> derived;
  calibrate(0, derived);
  for (std::size_t i = 0; i < derived.size(); ++i) derived_[i].fill(derived[i]);
  if (attributes_.has_uniform_params()) return;
  for (std::uint32_t cell = 1; cell < size(); ++cell) {
    if (!attributes_.has_same_params(cell, cell - 1)) calibrate(cell, derived);
    for (std::size_t i = 0; i < derived.size(); ++i) derived_[i].set(cell, derived[i]);
  }
}

void population::collect_views() {
  param_views_.clear();
  derived_views_.clear();
  state_.clear();
  for (std::size_t i = 0; i < model().params(); ++i) param_views_.push_back(attributes_.params(i).view());
  if (!told_.empty()) param_views_[static_cast<std::size_t>(model().threshold)] = told_.thresholds();
  for (const column& c : derived_) derived_views_.push_back(c.view());
  for (std::size_t i = 0; i < model().state(); ++i) state_.push_back(attributes_.state(i).array());
  // Those of lists are read as columns in any case.
  const auto& own = model().own == nullptr ? model() : *model().own;
  const auto varies = [](const column_view& v) { return v.every != 0; };
  params_vary_ = std::ranges::any_of(std::span(param_views_).first(own.params()), varies);
  derived_vary_ = std::ranges::any_of(std::span(derived_views_).first(own.derived), varies);
}

namespace {

void append_spike(void* to, const models::sent_spike& spike) {
  static_cast<std::vector<models::sent_spike>*>(to)->push_back(spike);
}

}  // namespace

void population::advance(step_t first, std::uint32_t steps, std::uint32_t seed, const input_view& input,
                         const spike_marks& marks) {
  expects(is_prepared_, "cells are prepared before they advance");
  std::fill_n(marks.bits, std::size_t{steps} * (padded() / block_cells), 0);
  keep_frozen();
  loop_({.params = param_views_.data(),
         .derived = derived_views_.data(),
         .params_vary = params_vary_,
         .derived_vary = derived_vary_,
         .state = state_.data(),
         .entries = model().shape.data(),
         .rows = input.rows,
         .arrived = input.arrived,
         .spikes = marks.bits,
         .counts = marks.counts,
         .offsets = marks.offsets,
         .timed = input.timed,
         .first_slot = input.first_slot,
         .sent = {append_spike, marks.sent},
         .cells = size(),
         .steps = steps,
         .seed = seed,
         .first_step = static_cast<std::uint64_t>(first),
         .first_id = nodes_.first,
         .id_stride = nodes_.stride});
  told_.pass(attributes_, steps);
  put_back_frozen(steps, marks);
  silence_padding(steps, marks);
}

void population::find_frozen() {
  frozen_.clear();
  const column& frozen = attributes_.node(&node_record::frozen);
  if (frozen.is_uniform() && frozen[0] == 0) return;
  for (std::uint32_t cell = 0; cell < size(); ++cell)
    if (frozen[cell] != 0) frozen_.push_back(cell);
}

void population::keep_frozen() {
  frozen_state_.clear();
  for (const std::uint32_t cell : frozen_)
    for (const double* const values : state_) frozen_state_.push_back(values[cell]);
}

void population::put_back_frozen(std::uint32_t steps, const spike_marks& marks) {
  std::size_t next = 0;
  for (const std::uint32_t cell : frozen_) {
    for (double* const values : state_) values[cell] = frozen_state_[next++];
    for (std::uint32_t lag = 0; lag < steps; ++lag) {
      marks.bits[lag * (padded() / block_cells) + cell / block_cells] &= ~(std::uint64_t{1} << cell % block_cells);
      if (marks.counts != nullptr) marks.counts[std::size_t{lag} * padded() + cell] = 0;
    }
    if (marks.sent != nullptr) std::erase_if(*marks.sent, [=](const auto& spike) { return spike.cell == cell; });
  }
}

void population::silence_padding(std::uint32_t steps, const spike_marks& marks) const {
  if (size() % block_cells == 0) return;
  const std::uint32_t words = padded() / block_cells;
  const std::uint64_t cells = (std::uint64_t{1} << size() % block_cells) - 1;
  for (std::uint32_t lag = 0; lag < steps; ++lag) marks.bits[lag * words + words - 1] &= cells;
}

/// Calls visit(cell, time, number of spikes) for spikes that have times of their own.
template <class Visit> void population::for_each_event(const spike_marks& marks, Visit&& visit) {
  for (const auto& spike : *marks.sent)
    visit(spike.cell, grid_.to_ms(spike.stamp) - spike.offset_ms, spike.multiplicity);
}

/// Calls visit(cell, time, number of spikes).
template <class Visit>
void population::for_each_spike(step_t first, std::uint32_t steps, const spike_marks& marks, Visit&& visit) {
  if (marks.sent != nullptr) return for_each_event(marks, visit);
  const bool within = model().emits == models::emission::times;
  const double* const told = marks.counts != nullptr ? marks.counts : marks.offsets;
  const std::uint32_t words = padded() / block_cells;
  for (std::uint32_t lag = 0; lag < steps; ++lag) {
    const double t_ms = grid_.to_ms(first + lag + 1);
    for (std::uint32_t word = 0; word < words; ++word)
      for (std::uint64_t bits = marks.bits[lag * words + word]; bits != 0; bits &= bits - 1) {
        const std::uint32_t cell = word * block_cells + static_cast<std::uint32_t>(std::countr_zero(bits));
        const double number = told == nullptr ? 1 : told[std::size_t{lag} * padded() + cell];
        if (!(number < models::stops::negative_input)) fail(cell, t_ms, number);
        visit(cell, within ? t_ms - number : t_ms, model().emits == models::emission::counts ? number : 1);
      }
  }
}

void population::fail(std::uint32_t cell, double t_ms, double stop) const {
  const auto id = nodes_[cell];
  const auto who = std::string(model().name) + " (node " + std::to_string(id) + "): ";
  const auto when = " before " + to_text(value(t_ms)) + " ms";
  if (stop == models::stops::negative_input)
    throw api_error(error_kind::BadProperty,
                    who + "negative weights arrived" + when + " at conductances, which must not be negative", id);
  throw api_error(error_kind::NumericalInstability,
                  who + "its potential or adaptation left all bounds" + when + "; the parameters make it unstable", id);
}

void population::archive_spikes(step_t first, std::uint32_t steps, const spike_marks& marks) {
  column &t_spike = attributes_.node(&node_record::t_spike), &Ca = attributes_.node(&node_record::Ca);
  column& Ca_time = attributes_.node(&node_record::Ca_time);
  const column& beta_Ca = attributes_.node(&node_record::beta_Ca);
  const auto enter = [&](std::uint32_t cell, double t_ms, double spikes) {
    Ca.set(cell, calcium(cell, t_ms) + beta_Ca[cell] * spikes);
    Ca_time.set(cell, t_ms);
    t_spike.set(cell, t_ms);
  };
  if (attributes_.elements().empty()) return for_each_spike(first, steps, marks, enter);
  for_each_spike(first, steps, marks, [&](std::uint32_t cell, double t_ms, double spikes) {
    grow_cell(cell, t_ms);
    enter(cell, t_ms, spikes);
  });
}

double population::calcium(std::uint32_t cell, double now_ms) const {
  const double since_ms = now_ms - attributes_.node(&node_record::Ca_time)[cell];
  return attributes_.node(&node_record::Ca)[cell] *
         models::exp(-since_ms / attributes_.node(&node_record::tau_Ca)[cell]);
}

void population::keep_calcium(std::span<const std::uint32_t> cells, double now_ms) {
  for (const auto cell : cells) grow_cell(cell, now_ms);
}

void population::begin_at(double now_ms) { attributes_.node(&node_record::Ca_time).fill(now_ms); }

void population::grow(double now_ms) {
  const auto& elements = attributes_.elements();
  // Others keep their bits, whoever is in their block on this layout.
  for (std::uint32_t cell = 0; !elements.empty() && cell < size(); ++cell)
    if (elements.any(cell)) grow_cell(cell, now_ms);
}

// Elements grow by the calcium of the time since it was kept.
void population::grow_cell(std::uint32_t cell, double now_ms) {
  column &Ca = attributes_.node(&node_record::Ca), &Ca_time = attributes_.node(&node_record::Ca_time);
  if (auto& elements = attributes_.elements(); !elements.empty()) {
    const auto steps = grid_.nearest_steps(now_ms - Ca_time[cell]);
    const double tau_Ca = attributes_.node(&node_record::tau_Ca)[cell];
    if (steps > 0) elements.grow(cell, {Ca[cell], tau_Ca, steps, grid_.resolution_ms()});
  }
  Ca.set(cell, calcium(cell, now_ms));
  Ca_time.set(cell, now_ms);
}

std::uint64_t population::bytes() const {
  std::uint64_t bytes = sizeof(population) + attributes_.bytes() + derived_.capacity() * sizeof(column);
  for (const column& c : derived_) bytes += c.bytes();
  if (where_ != nullptr) bytes += where_->bytes() * size() / where_->size();
  return bytes + changed_.capacity() * sizeof(std::uint32_t) + frozen_state_.capacity() * sizeof(double) +
         told_.bytes();
}

namespace {

/// Derived constants that a change of one of these parameters changes.
std::size_t derived_from(const models::neuron_model& model, const std::set<std::size_t>& varied) {
  constexpr models::resolution any{0.1, 1000.0};
  std::vector<double> usual(model.derived), changed(model.derived);
  model.calibrate(model.default_params.data(), any, usual.data());
  std::set<std::size_t> touched;
  for (const std::size_t v : varied) {
    std::vector<double> params(model.default_params.begin(), model.default_params.end());
    params[v] = params[v] == 0 ? 1 : 1.1 * params[v];
    model.calibrate(params.data(), any, changed.data());
    for (std::size_t i = 0; i < model.derived; ++i)
      if (usual[i] != changed[i]) touched.insert(i);
  }
  return touched.size();
}

}  // namespace

double population::bytes_of(const models::neuron_model& model, std::uint64_t cells,
                            const std::set<std::size_t>& varied) {
  constexpr std::size_t archived = 3;  // archive_spikes()
  const std::size_t columns = model.params() + model.state() + models::columns_of<node_record> + model.derived;
  const std::size_t spread = model.state() + archived + varied.size() + derived_from(model, varied);
  return static_cast<double>(sizeof(population) + columns * sizeof(column) + (columns - spread) * column::line_bytes) +
         static_cast<double>(cells) * static_cast<double>(spread) * sizeof(double);
}

std::optional<std::size_t> population::recordable(std::string_view name) const {
  const auto at = std::ranges::lower_bound(recordable_names_, name);
  if (at == recordable_names_.end() || *at != name) return std::nullopt;
  return static_cast<std::size_t>(at - recordable_names_.begin());
}

double population::computed(const field& f, std::uint32_t cell, std::vector<double>& members) const {
  members.clear();
  attributes_.append_members(cell, members);
  for (const column& c : derived_) members.push_back(c[cell]);
  const double* const state = members.data() + model().params();
  return f.compute(members.data(), state + model().state(), state);
}

recorded_column population::recorded(std::size_t recordable) {
  static constexpr double zeros[block_cells] = {};
  const column_view none{zeros, 0};
  const field& f = *recordables_[recordable];
  if (f.where == models::part::computed) return {nullptr, none, this, &f, {}};
  expects(f.where == models::part::state, "what is recorded is a state");
  return {attributes_.state(static_cast<std::size_t>(f.column)).array(),
          f.relative_to == field::nowhere || f.shows_stored
              ? none
              : attributes_.params(static_cast<std::size_t>(f.relative_to)).view(),
          nullptr,
          nullptr,
          {}};
}

}  // namespace volley::runtime
