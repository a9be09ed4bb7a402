#include "runtime/growth/synaptic_elements.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/base/nearest_name.hpp"
#include "runtime/values/field_values.hpp"

namespace volley::runtime {
namespace {

constexpr double most_elements = 0x1p31;  // of one cell and kind that count

/// What structural updates change without being able to fail is an array from the start.
constexpr bool is_spread(std::size_t member) {
  return member == models::column_of(&element_record::z) || member == models::column_of(&element_record::z_connected);
}

}  // namespace

synaptic_elements::synaptic_elements(const synaptic_elements& prototype, std::uint32_t cells) : cells_(cells) {
  for (const element& like : prototype.elements_) {
    element& made = add(like.name);
    for (std::size_t i = 0; i < made.columns.size(); ++i) {
      made.columns[i].fill(like.columns[i][0]);
      if (is_spread(i)) made.columns[i].array();
    }
  }
}

bool synaptic_elements::any(std::uint32_t cell) const {
  return std::ranges::any_of(elements_, [cell](const element& e) { return e.get(&record::present, cell) != 0; });
}

std::optional<std::size_t> synaptic_elements::find(std::string_view name) const {
  const auto found = std::ranges::find(elements_, name, &element::name);
  if (found == elements_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - elements_.begin());
}

synaptic_elements::element& synaptic_elements::add(std::string name) {
  element& made = elements_.emplace_back(element{std::move(name), {}});
  for (const double x : models::values_of(record{})) {
    made.columns.emplace_back(cells_, x);
    if (is_spread(made.columns.size() - 1)) made.columns.back().array();
  }
  return made;
}

column* synaptic_elements::column_named(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto f = std::ranges::find(element_fields, name.substr(dot + 1), &models::field::name);
  if (f == element_fields.end()) return nullptr;
  const auto known = find(name.substr(0, dot));
  element& of = known ? elements_[*known] : add(std::string(name.substr(0, dot)));
  return &of.columns[at(*f)];
}

// ---- as users see them

dictionary synaptic_elements::get(std::uint32_t cell) const {
  dictionary all;
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (!has(i, cell)) continue;
    const element& e = elements_[i];
    dictionary one;
    for (const auto& f : element_fields)
      if (has_key(e.curve(cell), f)) one[f.name] = shown(f, e.columns[at(f)][cell]);
    one["z_vacant"] = vacant(i, cell);
    all[e.name] = std::move(one);
  }
  return all;
}

std::string synaptic_elements::why_not(std::uint32_t cell, std::span<const element_setting> settings,
                                       bool replaces) const {
  for (const auto& one : settings) {
    const auto known = find(one.name);
    const bool here = known && has(*known, cell);
    if (!replaces && !here) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < elements_.size(); ++i)
        if (has(i, cell)) names.push_back(elements_[i].name);
      return "Unaccessed entry: there is no synaptic element '" + one.name + "'" + did_you_mean(one.name, names);
    }
    const auto now = here && !replaces ? elements_[*known].curve(cell) : growth_curve::linear;
    if (auto why = runtime::why_not(one, one.curve(now)); !why.empty()) return why;
  }
  return {};
}

void synaptic_elements::put(element& e, std::size_t member, std::span<const std::uint32_t> cells, double x) {
  column& c = e.columns[member];
  if (cells.size() != cells_) {
    for (const auto cell : cells) c.set(cell, x);
    return;
  }
  c.fill(x);
  if (is_spread(member)) c.array();
}

void synaptic_elements::apply(element& e, std::span<const std::uint32_t> cells, const element_setting& setting) {
  constexpr record fresh;
  for (const auto cell : cells) {
    if (setting.curve(e.curve(cell)) == e.curve(cell)) continue;
    e.set(&record::eta, cell, fresh.eta);  // another curve begins with its own defaults
    e.set(&record::eps, cell, fresh.eps);
    e.set(&record::psi, cell, fresh.psi);
  }
  for (const auto& [f, x] : setting.values) put(e, at(*f), cells, x);
}

void synaptic_elements::replace(std::span<const std::uint32_t> cells, std::span<const element_setting> settings) {
  constexpr auto present = models::column_of(&record::present);
  for (element& e : elements_) put(e, present, cells, 0);
  for (const auto& one : settings) {
    const auto known = find(one.name);
    element& e = known ? elements_[*known] : add(one.name);
    const auto fresh = models::values_of(record{});
    for (std::size_t member = 0; member < fresh.size(); ++member) put(e, member, cells, fresh[member]);
    put(e, present, cells, 1);
    apply(e, cells, one);
  }
}

void synaptic_elements::update(std::span<const std::uint32_t> cells, std::span<const element_setting> settings) {
  for (const auto& one : settings)
    if (const auto known = find(one.name)) apply(elements_[*known], cells, one);
}

void synaptic_elements::sweep() {
  std::erase_if(elements_, [](const element& e) {
    const column& present = e.columns[models::column_of(&record::present)];
    return present.is_alike() && present[0] == 0;
  });
}

// ---- growth

void synaptic_elements::grow(std::uint32_t cell, const quiet_time& stretch) {
  for (element& e : elements_) {
    if (e.get(&record::present, cell) == 0) continue;
    const growth how{e.curve(cell), e.get(&record::growth_rate, cell), e.get(&record::eta, cell),
                     e.get(&record::eps, cell), e.get(&record::psi, cell)};
    e.set(&record::z, cell, grown(how, e.get(&record::z, cell), stretch));
  }
}

std::int64_t synaptic_elements::vacant(std::size_t element, std::uint32_t cell) const {
  const auto& e = elements_[element];
  const double whole = std::floor(std::min(e.get(&record::z, cell), most_elements));
  return static_cast<std::int64_t>(whole - e.get(&record::z_connected, cell));
}

void synaptic_elements::decay_vacant(std::uint32_t cell) {
  for (std::size_t i = 0; i < elements_.size(); ++i) {
    if (!has(i, cell)) continue;
    auto& e = elements_[i];
    const double going = static_cast<double>(vacant(i, cell)) * e.get(&record::tau_vacant, cell);
    if (going > 0) e.set(&record::z, cell, std::max(e.get(&record::z, cell) - going, 0.0));
  }
}

void synaptic_elements::occupy(std::size_t element, std::uint32_t cell, std::int64_t more) {
  auto& e = elements_[element];
  e.set(&record::z_connected, cell, std::max(e.get(&record::z_connected, cell) + static_cast<double>(more), 0.0));
}

void synaptic_elements::take(std::uint32_t cell, const synaptic_elements& others, std::uint32_t there) {
  for (std::size_t i = 0; i < others.elements_.size(); ++i) {
    if (!others.has(i, there)) continue;
    const auto& from = others.elements_[i];
    const auto known = find(from.name);
    element& to = known ? elements_[*known] : add(from.name);
    for (std::size_t member = 0; member < to.columns.size(); ++member)
      to.columns[member].set(cell, from.columns[member][there]);
  }
}

std::uint64_t synaptic_elements::bytes() const {
  std::uint64_t bytes = elements_.capacity() * sizeof(element);
  for (const element& e : elements_) {
    bytes += e.columns.capacity() * sizeof(column) + e.name.capacity();
    for (const column& c : e.columns) bytes += c.bytes();
  }
  return bytes;
}

}  // namespace volley::runtime
