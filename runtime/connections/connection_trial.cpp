#include "runtime/connections/connection_trial.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "runtime/base/error.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// Added to the targets' ids: what the walk itself refuses is told first, wherever the walk of a VP stands.
constexpr std::uint64_t behind_rules = std::uint64_t{1} << 63;

using members_of_set = std::vector<std::pair<std::uint32_t, connection_number>>;

parameter::value_bounds bounds_of(const connection_number& number) {
  if (const auto* x = std::get_if<double>(&number)) return {*x, *x};
  if (const auto* drawn = std::get_if<parameter_ref>(&number)) return (*drawn)->bounds();
  const auto& array = *std::get<std::shared_ptr<const std::vector<double>>>(number);
  const auto [least, most] = std::minmax_element(array.begin(), array.end());
  return array.empty() ? parameter::value_bounds{0, 0} : parameter::value_bounds{*least, *most};
}

class trial_of_call {
 public:
  trial_of_call(const projection& p, const layout& place, const connection_trial& trial,
                const models::synapse_model& model, const target_node& node_of)
      : p_(p),
        place_(place),
        trial_(trial),
        model_(model),
        node_of_(node_of),
        delay_(p, p.delay_ms, delay_leaf),
        weight_(p, p.weight, weight_leaf),
        receptor_(p, p.receptor, receptor_leaf),
        batch_(p),
        set_(p.defaults) {
    for (std::size_t i = 0; i < p.parameters.size(); ++i) {
      parameters_.emplace_back(p, p.parameters[i].second, first_parameter_leaf + static_cast<std::uint32_t>(i));
      fields_.push_back(&field_of(model, p.parameters[i].first));
    }
    columns_.resize(parameters_.size());
  }

  void operator()(const id_batch& b) {
    if (!trial_.has_numbers()) return;
    batch_.visit(b);
    targets_.resize(b.size());
    for (std::size_t i = 0; i < b.size(); ++i) targets_[i] = b.target(i);
    if (trial_.delays) batch_.read(delay_, delays_);
    if (trial_.weights || trial_.values) batch_.read(weight_, weights_);
    if (trial_.values) read_parameters();
    if (trial_.receptors) batch_.read(receptor_, receptors_);
    for (std::size_t i = 0; i < targets_.size(); ++i)
      if (!refused_ || targets_[i] < refused_->place()) try_at(i);
  }

  /// Throws what is refused at the lowest target.
  void end() const {
    if (refused_) throw api_error(refused_->kind(), refused_->what(), behind_rules + refused_->place());
  }

 private:
  void read_parameters() {
    for (std::size_t c = 0; c < columns_.size(); ++c) batch_.read(parameters_[c], columns_[c]);
  }

  void try_at(std::size_t i) {
    try {
      if (trial_.delays) legal_delay(delays_[i], trial_.time, *trial_.delays, "Connect: a drawn value");
      if (trial_.weights) check_weight(weights_[i], trial_.what);
      if (trial_.values) try_values(i);
      if (trial_.receptors) try_receptor(i);
      if (trial_.targets) check_compact_target(targets_[i], place_.n_vps);
    } catch (const api_error& refused) {
      refused_.emplace(refused.kind(), refused.what(), targets_[i]);
    }
  }

  void try_values(std::size_t i) {
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto member = p_.parameters[c].first;
      set_[member] = columns_[c][i];
      check_own(model_, *fields_[c], set_[member], trial_.what);
    }
    check_synapse(model_, set_, weights_[i], trial_.what);
  }

  void try_receptor(std::size_t i) {
    const auto receptor = whole_receptor(receptors_[i]);
    const auto node = node_of_(targets_[i]);
    if (!node)
      throw api_error(error_kind::IllegalConnection,
                      "Creation of connection is not possible: a device takes no such input");
    check_receptor(*node, receptor, p_.currents);
    if (!p_.currents) check_payload(*node, receptor, trial_.from);
    if (!p_.currents && targets_[i] <= trial_.nodes_prepared) check_entries_stay(*node, receptor);
    if (model_.compact) check_compact(receptor);
  }

  const projection& p_;
  const layout& place_;
  const connection_trial& trial_;
  const models::synapse_model& model_;
  const target_node& node_of_;
  number_column delay_, weight_, receptor_;
  std::vector<number_column> parameters_;
  std::vector<const models::field*> fields_;  // of parameters_
  batch_numbers batch_;
  std::vector<std::uint64_t> targets_;
  std::vector<double> delays_, weights_, receptors_;
  std::vector<std::vector<double>> columns_;
  std::vector<double> set_;           // parameters of the connection at hand
  std::optional<api_error> refused_;  // at the lowest target so far
};

/// True when no choice of the members from `next` on, each at one of its bounds, is refused.
bool legal_at_corners(const models::synapse_model& model, std::vector<double>& set,
                      const parameter::value_bounds& weight, const members_of_set& members, std::size_t next) {
  if (next == members.size())
    return is_legal_synapse(model, set, weight.least) && is_legal_synapse(model, set, weight.most);
  const auto bounds = bounds_of(members[next].second);
  for (const double x : {bounds.least, bounds.most}) {
    if (!std::isfinite(x)) return false;
    set[members[next].first] = x;
    if (!legal_at_corners(model, set, weight, members, next + 1)) return false;
    if (bounds.least == bounds.most) break;
  }
  return true;
}

}  // namespace

void try_connections(const projection& p, const layout& place, const connection_trial& trial,
                     const models::synapse_model& model, const target_node& node_of) {
  trial_of_call attempt(p, place, trial, model, node_of);
  walk(p, place, [&](const id_batch& b) { attempt(b); });
  attempt.end();
}

bool may_be_illegal(const parameter& delay_ms, const time_grid& time, const delay_limits& limits) {
  const auto is_legal = [&](double ms) { return std::abs(ms) < 1e9 && limits.contain(time.nearest_steps(ms)); };
  const auto [least, most] = delay_ms.bounds();
  return !is_legal(least) || !is_legal(most);
}

bool may_be_illegal(const models::synapse_model& model, std::vector<double> set, const connection_number& weight,
                    const members_of_set& members) {
  const auto bounds = bounds_of(weight);
  const auto draws_integers = [&](const auto& number) {
    return std::holds_alternative<parameter_ref>(number.second) &&
           field_of(model, number.first).kind == models::field_kind::integer;
  };
  return std::ranges::any_of(members, draws_integers) || !std::isfinite(bounds.least) || !std::isfinite(bounds.most) ||
         !legal_at_corners(model, set, bounds, members, 0);
}

}  // namespace volley::runtime
