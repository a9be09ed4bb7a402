#include "runtime/nodes/attribute_change.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "runtime/base/error.hpp"
#include "runtime/space/pair_geometry.hpp"
#include "runtime/values/field_values.hpp"
#include "runtime/values/node_values.hpp"
#include "runtime/values/parameter.hpp"
#include "runtime/values/refusal_kind.hpp"

namespace volley::runtime {

namespace {

using models::field;
using models::field_kind;
using models::part;

/// `v` with a number in place of each Parameter.
value without_draws(const value& v) {
  if (v.is<parameter_ref>()) return 0.0;
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr) return v;
  std::vector<value> elements;
  for (const value& element : *list) elements.push_back(without_draws(element));
  return elements;
}

/// Which elements of a list are none; empty where all are there.
std::vector<bool> gaps(const value& v) {
  const auto* list = v.get_if<std::vector<value>>();
  if (list == nullptr || std::ranges::none_of(*list, &value::is_none)) return {};
  std::vector<bool> absent;
  for (const value& element : *list) absent.push_back(element.is_none());
  return absent;
}

/// The Parameter that `v` is or has at a position; null where it is a number.
const parameter* parameter_at(const value& v, std::uint64_t position) {
  const auto* list = v.get_if<std::vector<value>>();
  const auto* p = (list == nullptr ? v : (*list)[position]).get_if<parameter_ref>();
  return p == nullptr ? nullptr : p->get();
}

}  // namespace

attribute_change::attribute_change(attributes& target, const dictionary& values, std::span<const std::uint32_t> cells,
                                   std::span<const std::uint64_t> positions, const value_reading& how)
    : target_(target), cells_(cells), positions_(positions), how_(how) {
  std::uint32_t place = 0;
  for (const auto& [key, v] : values) read(key, v, ++place);
  for (std::size_t i = 0; i < target_.places_.size(); ++i) assign_entries(i);
  find_written();
  staged_cells_ = same_for_all() ? std::min<std::size_t>(cells_.size(), 1) : cells_.size();
  staged_.resize(staged_cells_ * written_.size());
  for (std::size_t i = 0; i < staged_cells_; ++i) {
    stage(i);
    check(i);
  }
}

void attribute_change::read(const std::string& key, const value& v, std::uint32_t place) {
  if (how_.known_only && !target_.refusal(key, target_.is_prototype()).empty()) return;
  if (read_special(key, v)) return;
  const field& f = settable(key);
  if (f.where == part::list) return read_list(f, v);
  if (f.where == part::group) return read_group(key, v);
  assignment a = read_field(f, v);
  if (a.is_list) require_positions(key, a.values.size());
  if (has_parameters(v)) draw(a, v, place);
  assignments_.push_back(std::move(a));
}

/// The values of one Parameter for all cells.
std::vector<double> attribute_change::draw_all(const parameter& p, std::uint32_t place) const {
  std::vector<double> drawn(cells_.size());
  if (drawn.empty()) return drawn;
  std::vector<std::uint32_t> low(cells_.size()), high(cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    low[i] = low_half(id_of(i));
    high[i] = high_half(id_of(i));
  }
  node_geometry geometry(how_.where);
  const std::uint32_t none = 0;
  const draw_sites sites{node_site(how_.draws, 0, place).key,
                         {low, high, std::span(&none, 1)},
                         place,
                         p.is_spatial() ? geometry.of(low) : nullptr};
  p.evaluate(sites, drawn);
  return drawn;
}

void attribute_change::draw(assignment& a, const value& v, std::uint32_t place) const {
  if (const auto* const p = v.get_if<parameter_ref>()) {
    a.values = draw_all(**p, place);
    a.absent.clear();
    a.is_list = a.is_drawn = true;
    return;
  }
  node_geometry geometry(how_.where);
  std::vector<double> drawn(cells_.size());
  std::vector<bool> absent(a.absent.empty() ? 0 : cells_.size());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const auto its = given(a, i);
    if (!its) {
      absent[i] = true;
      continue;
    }
    const auto* p = parameter_at(v, position(i));
    auto site = node_site(how_.draws, id_of(i), place);
    const auto id = low_half(id_of(i));
    if (p != nullptr && p->is_spatial()) site.geometry = geometry.of({&id, 1});
    drawn[i] = p == nullptr ? *its : p->evaluate(site);
  }
  a.values = std::move(drawn);
  a.absent = std::move(absent);
  a.is_list = a.is_drawn = true;
}

bool attribute_change::read_special(const std::string& key, const value& v) {
  if (key == "clear") {
    static constexpr field clear{.name = "clear", .kind = field_kind::flag};
    const assignment a = read_field(clear, v);
    if (a.is_list) require_positions(key, a.values.size());
    for (std::size_t i = 0; i < cells_.size(); ++i)
      if (given(a, i).value_or(0) != 0) cleared_.push_back(cells_[i]);
    return true;
  }
  if (key != "synaptic_elements" && key != "synaptic_elements_param") return false;
  read_elements(key, v);
  return true;
}

void attribute_change::read_elements(const std::string& key, const value& v) {
  const auto* const list = v.get_if<std::vector<value>>();
  if (list == nullptr || target_.is_prototype()) return add_elements(key, v, {cells_.begin(), cells_.end()});
  require_positions(key, list->size());
  for (std::size_t i = 0; i < cells_.size(); ++i)
    if (const auto& mine = (*list)[position(i)]; !mine.is_none()) add_elements(key, mine, {cells_[i]});
}

void attribute_change::add_elements(const std::string& key, const value& v, std::vector<std::uint32_t> cells) {
  const auto place = cells.empty() ? first_place() : target_.nodes_[cells.front()];
  const std::string subject = std::string(target_.model().name) + ": " + key;
  element_change change{key == "synaptic_elements", std::move(cells), runtime::read_elements(v, subject, place)};
  for (const auto cell : change.cells) {
    const auto why = target_.elements_.why_not(cell, change.settings, change.replaces);
    if (!why.empty())
      throw api_error(error_kind::UnaccessedDictionaryEntry, subject + ": " + why, target_.nodes_[cell]);
  }
  elements_.push_back(std::move(change));
}

const field& attribute_change::settable(const std::string& key) const {
  const auto refusal = target_.refusal(key, target_.is_prototype());
  if (!refusal.empty()) throw api_error(error_kind::UnaccessedDictionaryEntry, refusal, first_place());
  return *target_.find(key);
}

attribute_change::assignment attribute_change::read_field(const field& f, const value& v) const {
  assignment a{&f, {}, gaps(v), false};
  const bool draws = has_parameters(v) && f.kind == field_kind::real && !target_.is_prototype();
  const value numbers = draws ? without_draws(v) : v;
  if (const auto x = stored(f, numbers)) {
    a.values = {*x};
  } else if (const auto list = stored_list(f, numbers); list && !target_.is_prototype()) {
    a.values = *list;
    a.is_list = true;
  } else {
    throw api_error(error_kind::TypeMismatch,
                    std::string(target_.model().name) + ": " + std::string(f.name) + " must be " + wanted(f) +
                        ", not " + type_name(v) + " " + to_text(v),
                    first_place());
  }
  return a;
}

void attribute_change::require_positions(std::string_view key, std::size_t entries) const {
  if (cells_.empty()) return;
  std::size_t needed = cells_.size();
  if (!positions_.empty()) needed = *std::ranges::max_element(positions_) + 1;
  const bool fits = positions_.empty() ? entries == needed : entries >= needed;
  if (fits) return;
  throw api_error(error_kind::DimensionMismatch,
                  std::string(target_.model().name) + ": the list for " + std::string(key) + " has " +
                      std::to_string(entries) + " values for " + std::to_string(needed) + " nodes",
                  first_place());
}

void attribute_change::find_written() {
  written_at_.assign(target_.columns_.size(), -1);
  const auto add = [this](const field& f, const assignment* from) {
    written_at_[target_.at(f)] = static_cast<std::int32_t>(written_.size());
    written_.push_back({target_.at(f), &f, from});
  };
  for (const assignment& a : assignments_)
    if (a.what->relative_to == field::nowhere) add(*a.what, &a);
  for (const assignment& a : assignments_)
    if (a.what->relative_to != field::nowhere) add(*a.what, &a);
  for (const field& f : target_.model().fields)
    if (f.relative_to != field::nowhere && written_at_[static_cast<std::size_t>(f.relative_to)] >= 0 &&
        written_at_[target_.at(f)] < 0)
      add(f, nullptr);
}

/// True when one cell can speak for all: nothing that is written or compared with differs between them.
bool attribute_change::same_for_all() const {
  if (cells_.size() != target_.size()) return false;
  if (std::ranges::any_of(assignments_, &assignment::is_list)) return false;
  const auto uniform = [this](std::size_t column) { return target_.columns_[column].is_uniform(); };
  if (!std::ranges::all_of(written_, [&](const written& w) { return uniform(w.column); })) return false;
  const bool compares = std::ranges::any_of(written_, [](const written& w) {
    return w.what->where == part::params || w.what->relative_to != field::nowhere;
  });
  return !compares || target_.has_uniform_params();
}

std::optional<double> attribute_change::given(const assignment& a, std::size_t i) const {
  if (!a.is_list) return a.values[0];
  const auto at = positions_.empty() || a.is_drawn ? i : positions_[i];
  if (!a.absent.empty() && a.absent[at]) return std::nullopt;
  return a.values[at];
}

double attribute_change::current(std::size_t column, std::size_t i) const {
  return target_.columns_[column][cells_[i]];
}

double attribute_change::future(std::size_t column, std::size_t i) const {
  const std::int32_t w = written_at_[column];
  return w < 0 ? current(column, i) : staged_[i * written_.size() + static_cast<std::size_t>(w)];
}

void attribute_change::stage(std::size_t i) {
  for (std::size_t w = 0; w < written_.size(); ++w) {
    const auto& [column, what, from] = written_[w];
    double& stored = staged_[i * written_.size() + w];
    const auto x = from != nullptr ? given(*from, i) : std::nullopt;
    stored = x ? *x : current(column, i);
    if (what->relative_to == field::nowhere) continue;
    const auto origin = static_cast<std::size_t>(what->relative_to);
    // A value that was given is absolute; one that was not keeps its absolute value.
    stored -= x ? future(origin, i) : future(origin, i) - current(origin, i);
  }
}

void attribute_change::check(std::size_t i) const {
  const auto refuse = [&](const std::string& what, part of = part::params) {
    const auto kind = of == part::node ? error_kind::BadProperty : kind_of(target_.model().refuses_with);
    throw api_error(kind, subject(i) + ": " + what, id_of(i));
  };
  const auto require_flag = [&](const field& f) {
    const auto is_flag = [&](const field& g) { return g.where == part::params && g.column == f.needs; };
    if (f.needs != field::nowhere && future(static_cast<std::size_t>(f.needs), i) == 0)
      refuse(std::string(f.name) + " needs " +
             std::string(std::ranges::find_if(target_.model().fields, is_flag)->name));
  };
  for (const list_assignment& a : lists_)
    if (a.of(position(i)) != nullptr) require_flag(*a.what);
  for (const assignment& a : assignments_) {
    const auto its = given(a, i);
    if (!its) continue;
    if (a.what->list == field::nowhere) require_flag(*a.what);
    const double x = *its;
    if (std::isnan(x)) refuse(shown(*a.what, x) + " is not a number", a.what->where);
    if (!models::is_within(*a.what, x)) refuse(shown(*a.what, x) + " " + bounds(*a.what), a.what->where);
  }
  for (const field& f : target_.model().fields) {
    if (f.below == field::nowhere) continue;
    const std::size_t lower = target_.at(f),
                      upper = lower - static_cast<std::size_t>(f.column) + static_cast<std::size_t>(f.below);
    if ((written_at_[lower] < 0 && written_at_[upper] < 0) || future(lower, i) < future(upper, i)) continue;
    const auto is_upper = [&](const field& g) { return g.where == f.where && g.column == f.below; };
    const auto other = std::ranges::find_if(target_.model().fields, is_upper);
    const double origin = f.relative_to == field::nowhere ? 0 : future(static_cast<std::size_t>(f.relative_to), i);
    refuse(shown(f, origin + future(lower, i)) + " must be below " + shown(*other, origin + future(upper, i)));
  }
  if (target_.model().check == nullptr) return;
  const auto& model = target_.model();
  std::vector<double> values(model.params() + model.state());
  for (std::size_t column = 0; column < values.size(); ++column) values[column] = future(column, i);
  if (const char* const wrong = model.check(values.data(), values.data() + model.params())) refuse(wrong);
}

change_effect attribute_change::commit() {
  change_effect effect;
  for (std::size_t w = 0; w < written_.size(); ++w) {
    write_all(w);
    effect.params |= written_[w].what->where == part::params;
    const auto writes = [&](double node_record::*member) {
      return written_[w].column == target_.node_at(models::column_of(member));
    };
    effect.frozen |= writes(&node_record::frozen);
    if (writes(&node_record::ignore_and_spike_offset)) begin_told_spikes_anew(written_[w]);
  }
  for (const std::uint32_t cell : cleared_) target_.node(&node_record::t_spike).set(cell, node_record{}.t_spike);
  for (const auto& change : elements_)
    change.replaces ? target_.elements_.replace(change.cells, change.settings)
                    : target_.elements_.update(change.cells, change.settings);
  if (!elements_.empty()) target_.elements_.sweep();
  effect.cleared = std::move(cleared_);
  return effect;
}

void attribute_change::write_all(std::size_t w) {
  if (staged_cells_ == 0) return;
  column& c = target_.columns_[written_[w].column];
  const auto bits = [&](std::size_t i) { return std::bit_cast<std::uint64_t>(staged_[i * written_.size() + w]); };
  bool alike = cells_.size() == target_.size();
  for (std::size_t i = 1; alike && i < staged_cells_; ++i) alike = bits(i) == bits(0);
  if (alike) return c.fill(staged_[w]);
  for (std::size_t i = 0; i < staged_cells_; ++i) c.set(cells_[i], staged_[i * written_.size() + w]);
}

void attribute_change::begin_told_spikes_anew(const written& offset) {
  auto& left = target_.node(&node_record::steps_to_told_spike);
  for (std::size_t i = 0; i < cells_.size() && !(left.is_uniform() && left[0] < 0); ++i)
    if (given(*offset.from, i)) left.set(cells_[i], node_record{}.steps_to_told_spike);
}

std::string attribute_change::subject(std::size_t i) const {
  const std::string name(target_.model().name);
  if (target_.is_prototype() || i >= cells_.size()) return name;
  return name + " (node " + std::to_string(target_.nodes_[cells_[i]]) + ")";
}

std::string attribute_change::shown(const field& f, double absolute) const {
  std::string text = std::string(f.name) + " = " + to_text(absolute);
  if (f.unit.empty()) return text;
  return (text += ' ') += f.unit;
}

}  // namespace volley::runtime
