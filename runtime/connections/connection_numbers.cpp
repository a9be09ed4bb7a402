#include "runtime/connections/connection_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/connections/connection_store.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {

void delay_steps(std::span<const double> ms, const time_grid& time, std::span<std::uint32_t> out) {
  const auto tics_per_ms = static_cast<double>(time.tics_per_ms()),
             tics_per_step = static_cast<double>(time.tics_per_step());
  constexpr double too_many = max_delay_steps + 1;
  for (std::size_t i = 0; i < ms.size(); ++i) {
    const double steps =
        ms[i] * tics_per_ms / tics_per_step + 0.5;  // as time_grid::nearest_steps, for positive numbers
    const double some = steps >= 0 ? steps : 0;     // not-a-number is none
    out[i] = static_cast<std::uint32_t>(static_cast<std::int32_t>(some < too_many ? some : too_many));
  }
  std::uint32_t illegal = 0;
  for (const auto steps : out) illegal |= steps - 1 >= max_delay_steps;
  if (!illegal) return;
  for (const double x : ms) legal_delay(x, time, {}, "Connect");
}

std::int64_t whole_receptor(double number) {
  if (std::abs(number) < 0x1p31 && number == std::floor(number)) return static_cast<std::int64_t>(number);
  throw api_error(error_kind::TypeMismatch,
                  "Connect: receptor_type = " + to_text(value(number)) + " must be an integer");
}

void draw_owners::set_row(std::uint64_t source, std::span<const std::uint32_t> target_ids) {
  shared_ = low_half(source);
  std::uint32_t repeats = 0;
  for (std::size_t i = 1; i < target_ids.size(); ++i) repeats |= target_ids[i] == target_ids[i - 1];
  occurrences_.resize(repeats ? target_ids.size() : 1);
  std::uint32_t occurrence = occurrences_[0] = 0;
  for (std::size_t i = 1; i < occurrences_.size(); ++i) {
    occurrence =
        (occurrence + 1) & -std::uint32_t{target_ids[i] == target_ids[i - 1]};  // no branch: nobody can foretell them
    occurrences_[i] = occurrence;
  }
  columns_ = {std::span(&shared_, 1), target_ids, occurrences_};
}

void draw_owners::set_column(std::uint64_t target, std::span<const std::uint32_t> source_ids) {
  shared_ = low_half(target);
  order_.resize(source_ids.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return source_ids[a] < source_ids[b]; });
  occurrences_.assign(source_ids.size(), 0);
  for (std::size_t i = 1; i < order_.size(); ++i)
    if (source_ids[order_[i]] == source_ids[order_[i - 1]]) occurrences_[order_[i]] = occurrences_[order_[i - 1]] + 1;
  columns_ = {source_ids, std::span(&shared_, 1), occurrences_};
}

std::optional<connection_geometry> geometry_for(const projection& p) {
  spatial_reads reads;
  bool spatial = false;
  const auto include = [&](const connection_number& number) {
    const auto* const drawn = std::get_if<parameter_ref>(&number);
    if (drawn == nullptr || !(*drawn)->is_spatial()) return;
    spatial = true;
    reads.apart |= (*drawn)->reads().apart;
    reads.distance |= (*drawn)->reads().distance;
  };
  include(p.weight);
  include(p.delay_ms);
  include(p.receptor);
  for (const auto& [member, number] : p.parameters) include(number);
  if (!spatial || p.rule == nullptr || p.rule->space == nullptr) return std::nullopt;
  return connection_geometry(*p.rule->space->sources, *p.rule->space->targets, p.rule->space->within(), reads);
}

void number_column::draw(const draw_owners& owners, std::span<double> out) const {
  std::get<parameter_ref>(number_)->evaluate(sites(owners), out);
}

void number_column::draw_both(const number_column& even, const number_column& odd, const draw_owners& owners,
                              std::span<double> even_out, std::span<double> odd_out) {
  parameter::evaluate_both(*std::get<parameter_ref>(even.number_), *std::get<parameter_ref>(odd.number_),
                           even.sites(owners), even_out, odd_out);
}

void batch_numbers::visit(const id_batch& b) {
  others_.resize(b.size());
  entries_.resize(b.size());
  b.for_each_other([&](std::size_t i, std::uint64_t id) { others_[i] = low_half(id); });
  for (std::size_t i = 0; i < b.size(); ++i) entries_[i] = b.entry(i);
  if (b.shares_target())
    owners_.set_column(b.one, others_);
  else
    owners_.set_row(b.one, others_);
  if (geometry_) owners_.locate(*geometry_);
}

void batch_numbers::read(const number_column& column, std::vector<double>& out) const {
  out.resize(entries_.size());
  if (column.drawn()) return column.draw(owners_, out);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = column.at(entries_[i]);
}

}  // namespace volley::runtime
