#include "runtime/footprint/footprint.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/base/slot_map.hpp"
#include "runtime/connections/connection_numbers.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/delivery/post_history.hpp"
#include "runtime/delivery/walked_rows.hpp"
#include "runtime/nodes/population.hpp"
#include "runtime/rules/expected_number.hpp"
#include "runtime/rules/node_index.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// Entries for a connection of a call that made connections between nodes that had some: its own, room to grow, and now
/// and then that of an earlier one between the same two.
constexpr double names_of_one = 1.4;

constexpr double most_samples = 1000, fewest_samples = 16;

/// Shares of the delays of a call; those of a Parameter follow from some draws.
std::map<step_t, double> shares_of(const projection& p, double number, const time_grid& time) {
  const auto& delay_ms = p.delay_ms;
  std::map<step_t, double> shares;
  const auto steps = [&](double ms) { return std::clamp<step_t>(time.nearest_steps(ms), 1, max_delay_steps); };
  if (const auto* x = std::get_if<double>(&delay_ms)) {
    shares[steps(*x)] = 1;
  } else if (const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&delay_ms)) {
    for (const double ms : **array) shares[steps(ms)] += 1 / static_cast<double>((*array)->size());
  } else if (const auto& drawn = *std::get<parameter_ref>(delay_ms); drawn.is_spatial()) {
    const auto sampled = sampled_in_space(*p.rule, drawn);
    for (const double ms : sampled) shares[steps(ms)] += 1 / static_cast<double>(sampled.size());
    if (sampled.empty()) shares[1] = 1;
  } else {
    const auto samples = static_cast<std::uint32_t>(std::clamp(number, fewest_samples, most_samples));
    for (std::uint32_t i = 0; i < samples; ++i)
      shares[steps(std::get<parameter_ref>(delay_ms)->evaluate(value_site({1, i})))] += 1.0 / samples;
  }
  return shares;
}

/// How many values at most a number takes. `whole`: integers only.
double different_values(const connection_number& number, bool whole) {
  if (const auto* drawn = std::get_if<parameter_ref>(&number)) {
    const auto [least, most] = (*drawn)->bounds();
    return whole && least <= most ? most - least + 1 : HUGE_VAL;
  }
  const auto* array = std::get_if<std::shared_ptr<const std::vector<double>>>(&number);
  if (array == nullptr) return 1;
  constexpr std::size_t many = 1000;
  std::set<double> seen;
  for (const double x : **array)
    if (seen.insert(x).second && seen.size() == many) return HUGE_VAL;
  return static_cast<double>(std::max<std::size_t>(seen.size(), 1));
}

/// Rows that a call without values of its own leaves: VPs on which a source has a connection, over all sources.
double occupied_rows(const planned_connections& c, std::uint32_t vps) {
  if (c.sources == 0) return 0;
  const auto sources = static_cast<double>(c.sources);
  const double of_one = c.number / sources;  // connections of a source
  // Equally many from each source, on VPs as the targets lie; else a Poisson number on each VP.
  const double on_vp = c.shared_out ? 1 - std::pow(1 - 1.0 / vps, of_one) : 1 - std::exp(-of_one / vps);
  return sources * vps * on_vp;
}

/// Without segments and cohorts, where calls may be joined.
store_content plain_content(const planned_connections& c) {
  store_content content;
  content.connections = c.number;
  content.weights = c.shape.plastic ? c.number : 0;
  content.source_limit = c.last_source + 1;
  return content;
}

}  // namespace

// ---- nodes

planned_nodes& planned_nodes::operator+=(const planned_nodes& more) {
  values += more.values;
  lines += more.lines;
  spike_slots += more.spike_slots;
  current_slots += more.current_slots;
  counted += more.counted;
  splits_by_sign |= more.splits_by_sign;
  return *this;
}

planned_nodes plan_nodes(const models::neuron_model& model, std::uint64_t first, std::uint64_t last,
                         const std::set<std::size_t>& varied, std::uint32_t vps) {
  planned_nodes plan;
  const std::uint64_t n = last - first + 1;
  for (std::uint32_t vp = 0; vp < std::min<std::uint64_t>(vps, n); ++vp) {
    // VP by VP the ids are shared out one after the other, so that the first get one more.
    const std::uint64_t cells = (n + vps - 1 - vp) / vps;
    const std::uint64_t lines = (cells + block_cells - 1) / block_cells * block_cells;
    plan.values += population::bytes_of(model, lines, varied);
    plan.lines += lines;
  }
  for (const auto& channel : model.channels) {
    (channel.is_current() ? plan.current_slots : plan.spike_slots) += plan.lines;
    plan.splits_by_sign |= models::facts_of(channel.form).has_second_plane();
  }
  if (model.emits != models::emission::spikes && model.emits != models::emission::events) plan.counted = plan.lines;
  return plan;
}

double footprint::node_bytes(const planned_nodes& n, const row_plan& rows) const {
  const auto slots = static_cast<double>(n.spike_slots + n.current_slots);
  double bytes = n.values + static_cast<double>(n.lines) * (post_history::bytes_per_line + sizeof(double)) +
                 slots / slot_map::page * slot_map::bytes_per_page +
                 static_cast<double>(n.spike_slots) / slot_map::page * sizeof(std::uint32_t);
  bytes += static_cast<double>(rows.interval_steps) *
           (static_cast<double>(n.lines) / 8 + static_cast<double>(n.counted) * sizeof(double));
  double arriving = 0, reading = 0;
  for (const auto& s : stores_) {
    if (s.shape.plastic || s.shape.walks) arriving += s.content.connections;
    if (s.shape.reads_targets) reading += s.content.connections;
    if (s.shape.walks && s.content.connections > 0) bytes += static_cast<double>(n.lines) * walked_rows::bytes_per_line;
  }
  const bool arrivals = arriving > 0;
  bytes += std::min(reading, static_cast<double>(n.lines)) * post_history::bytes_per_open_line;
  return bytes + rows.vps * input_rows::bytes_of(static_cast<double>(n.spike_slots) / rows.vps,
                                                 static_cast<double>(n.current_slots) / rows.vps, n.splits_by_sign,
                                                 rows.interval_steps, arrivals ? rows.max_delay : 0);
}

double footprint::bytes_with(const planned_nodes& more, const row_plan& rows) const {
  auto nodes = nodes_;
  nodes += more;
  return node_bytes(nodes, rows) + connection_bytes(rows.vps);
}

// ---- connections

namespace {

/// The share of a call's pairs that are the projection's; exact where pairs are given.
double share_of(const projection& p) {
  if (p.only == nullptr) return 1;
  const auto& only = *p.only;
  std::uint64_t all = 0, mine = 0;
  const auto count = [&](std::uint64_t source, std::uint64_t target) {
    ++all;
    mine += only.sources.contains(source) && only.targets.contains(target);
  };
  if (p.pairs != nullptr) {
    for (std::size_t i = 0; i < p.pairs->sources.size(); ++i) count(p.pairs->sources[i], p.pairs->targets[i]);
  } else if (p.rule->kind == rule_kind::one_to_one) {
    const node_index sources(p.rule->sources), targets(p.rule->targets);
    for (std::uint32_t i = 0; i < sources.size(); ++i) count(sources.id(i), targets.id(i));
  } else {
    all = p.rule->sources.size() * p.rule->targets.size();
    mine = only.sources.size() * only.targets.size();
  }
  return static_cast<double>(mine) / static_cast<double>(all);
}

/// Parameter sets that differ among the connections: labels are few, drawn floats as many as there are connections.
double parameter_sets_of(const projection& p, const models::synapse_model& model, double number) {
  double sets = 1;
  for (const auto& [member, x] : p.parameters)
    if (const auto& f = field_of(model, member); f.where != models::part::connection)
      sets *= different_values(x, f.kind == models::field_kind::integer);
  return std::max(1.0, std::min(sets, number));
}

}  // namespace

double number_of_connections(const projection& p) {
  const bool given = p.pairs != nullptr;
  return share_of(p) * (given ? static_cast<double>(p.pairs->number) : expected_connections(*p.rule));
}

planned_connections plan_connections(const projection& p, const models::synapse_model& model, const time_grid& time) {
  planned_connections plan;
  plan.store = p.store;
  plan.number = number_of_connections(p);
  plan.shape = {.plastic = model.plastic,
                .has_cohorts = models::has_sets(model),
                .n_params = static_cast<std::uint32_t>(model.n_params),
                .n_traces = static_cast<std::uint32_t>(model.n_traces),
                .n_variables = static_cast<std::uint32_t>(model.n_variables),
                .reads_targets = model.reads_targets,
                .walks = model.walk != nullptr};
  if (p.pairs != nullptr) {
    const auto& sources = p.pairs->distinct_sources;
    plan.sources = sources.size();
    plan.first_source = sources.ranges.front().first;
    plan.last_source = sources.ranges.back().last;
    plan.shared_out = true;
  } else {
    const auto& sources = p.rule->sources;
    plan.sources = sources.size();
    plan.first_source = sources.ranges.front().first;
    plan.last_source = sources.ranges.back().last;
    if (p.rule->make_symmetric || p.rule->kind == rule_kind::symmetric_pairwise_bernoulli) {
      plan.sources += p.rule->targets.size();
      plan.last_source = std::max(plan.last_source, p.rule->targets.ranges.back().last);
    }
    plan.shared_out = p.rule->kind == rule_kind::all_to_all || p.rule->kind == rule_kind::one_to_one ||
                      p.rule->kind == rule_kind::fixed_outdegree;
  }
  if (p.only != nullptr) plan.sources = p.only->sources.size();
  plan.delays = shares_of(p, plan.number, time);
  if (plan.shape.has_cohorts) plan.parameter_sets = parameter_sets_of(p, model, plan.number);
  plan.own_weights = !is_shared(p.weight);
  plan.own_values = plan.own_weights || !is_shared(p.delay_ms) || plan.parameter_sets > 1;
  plan.delivery = model.plastic            ? delivery_class::plastic
                  : plan.shape.walks       ? delivery_class::walked
                  : !is_shared(p.delay_ms) ? delivery_class::random_delays
                  : !is_shared(p.weight)   ? delivery_class::weights
                                           : delivery_class::constant;
  return plan;
}

void footprint::joint_rows::add(const planned_connections& call, std::uint32_t vps) {
  const double rows = static_cast<double>(call.sources) * vps;
  for (const auto& [delay, share] : call.delays)
    (call.own_weights ? by_delay[delay].own_weight : by_delay[delay].shared_weight) += share * call.number / rows;
  segments = weights = 0;
  for (const auto& [delay, r] : by_delay) {
    segments += rows * (1 - std::exp(-(r.shared_weight + r.own_weight))) * call.forms;
    if (r.own_weight > 0) weights += rows * (r.own_weight + (r.shared_weight < shared_stretch ? r.shared_weight : 0));
  }
}

void footprint::add(const planned_connections& call, std::uint32_t vps) {
  const std::size_t ordinal = call.store.index();
  if (stores_.size() <= ordinal) stores_.resize(ordinal + 1);
  auto& store = stores_[ordinal];
  store.shape = call.shape;
  store.content += plain_content(call);
  if (call.named) store.content.names += names_of_one * call.number;
  double segments = 0, rows = occupied_rows(call, vps);
  if (call.parameter_sets > 1) {  // a segment ends where neighbours differ
    segments = std::min(call.number, rows * call.forms + call.number * (1 - 1 / call.parameter_sets));
    rows = std::min(call.number, rows * call.parameter_sets);
    if (call.own_weights && !call.shape.plastic) store.content.weights += call.number;
  } else if (call.own_values && call.sources != 0) {
    auto& joint = joint_[{call.store, call.first_source, call.last_source, call.sources}];
    const auto before = joint;
    joint.add(call, vps);
    segments = joint.segments - before.segments;
    rows = before.segments == 0 ? rows : 0;
    if (!call.shape.plastic) store.content.weights += joint.weights - before.weights;
  } else {
    segments = rows * call.forms;
  }
  store.content.segments += segments;
  if (call.shape.has_cohorts) {
    store.content.cohorts += rows;
    store.content.parameter_sets += call.parameter_sets;
  }
  by_class_[static_cast<std::size_t>(call.delivery)] += call.number;
  trains_ += call.trains;
  if (call.number > 0)
    for (const auto& [delay, share] : call.delays) delays_.include(delay);
}

void footprint::remove(store_ordinal store, double number) {
  const double all = connections();
  if (store.index() >= stores_.size() || all <= 0) return;
  auto& content = stores_[store.index()].content;
  const auto left_of = [number](double n) { return n <= number ? 0 : 1 - number / n; };
  const double left = left_of(content.connections), left_of_all = left_of(all);
  for (const auto part : {&store_content::connections, &store_content::weights, &store_content::segments,
                          &store_content::cohorts, &store_content::names})
    content.*part *= left;
  for (double& of_class : by_class_) of_class *= left_of_all;
  trains_ *= left_of_all;
}

std::uint64_t footprint::slot_limit(std::uint32_t vps) const {
  return std::max(nodes_.spike_slots, nodes_.current_slots) / vps;
}

double footprint::connection_bytes(std::uint32_t vps) const {
  double bytes = trains_;
  for (const auto& s : stores_) bytes += bytes_of(s.content, s.shape, vps, slot_limit(vps));
  return bytes;
}

double footprint::bytes_with(const planned_connections& more, const row_plan& rows) const {
  footprint alone;
  alone.nodes_ = nodes_;
  alone.add(more, rows.vps);
  return bytes(rows) + alone.connection_bytes(rows.vps);
}

double footprint::connections() const {
  double n = 0;
  for (const double of_class : by_class_) n += of_class;
  return n;
}

}  // namespace volley::runtime
