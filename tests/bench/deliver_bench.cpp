// Time of one synaptic event, by what a row holds (one weight, a weight each, random delays), how its slots are kept
// (16 or 32 bits), and by model where that has no plasticity (plastic_bench), beside what the machine needs for the
// additions alone. Prints ns per event and thread.
#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/delivery/calendar.hpp"
#include "runtime/delivery/released_rows.hpp"
#include "runtime/delivery/walked_rows.hpp"
#include "tests/bench/machine_bounds.hpp"

namespace volley::runtime {
namespace {

struct network {
  std::uint32_t targets;  ///< nodes on the VP
  std::uint32_t sources;
  std::uint32_t out;     ///< connections of a source
  std::uint32_t delays;  ///< distinct ones, evenly spread; a segment for each
  bool weights;          ///< one for each connection
  input_form form;
  double spikes_per_step;
  std::string_view model = "static_synapse";
};

const std::vector<models::synapse_model>& all_models() {
  static const auto all = models::built_in_synapses();
  return all;
}

const models::synapse_model& model_of(const network& n) {
  return *std::ranges::find(all_models(), n.model, &models::synapse_model::name);
}

connection_store store_of(const models::synapse_model& model) {
  return {model.plastic, static_cast<std::uint32_t>(model.n_traces), models::has_sets(model),
          static_cast<std::uint32_t>(model.n_variables)};
}

class rows {
 public:
  explicit rows(const network& n) : store(store_of(model_of(n))) {
    std::mt19937_64 random(1);
    auto& slots = store.slots();
    slots.grow(std::uint64_t{n.sources} * n.out, n.targets);
    store.variable_column().resize(slots.size() * store.n_variables(), 4.0);
    const auto& defaults = model_of(n).defaults;
    const auto set = store.add_parameter_set(defaults.first(defaults.size() - store.n_variables()));
    if (n.weights) store.weight_column().resize(std::uint64_t{n.sources} * n.out, 0.5);
    connection_store::row_writer writer(store);
    std::vector<std::uint32_t> drawn(n.out);
    for (std::uint32_t source = 0; source < n.sources; ++source) {
      std::vector<placed_segment> segments;
      const auto first = std::uint64_t{source} * n.out;
      for (auto& slot : drawn) slot = static_cast<std::uint32_t>(random() % n.targets);
      for (std::uint32_t d = 0; d < n.delays; ++d) {
        const auto begin = std::uint64_t{n.out} * d / n.delays, end = std::uint64_t{n.out} * (d + 1) / n.delays;
        std::sort(drawn.begin() + static_cast<std::ptrdiff_t>(begin), drawn.begin() + static_cast<std::ptrdiff_t>(end));
        segment r{};
        r.begin = first + begin;
        r.count = end - begin;
        r.delay_steps = d + 1;
        r.form = static_cast<std::uint64_t>(n.form);
        r.varied = n.weights;
        r.weight = n.weights ? first + begin : store.shared_weight_index(0.5);
        segments.push_back({r, set, 0});
      }
      slots.write(first, drawn);
      writer.add(source, segments);
    }
    writer.finish();
  }
  connection_store store;
};

void deliver_steps(benchmark::State& state, network n) {
  rows net(n);
  const connection_store* const stores[] = {&net.store};
  calendar due;
  due.prepare(n.delays + 1);
  pool<double> sums(2 * std::size_t{n.targets}, 0.0);
  const input_row row{sums.data(), sums.data() + n.targets, nullptr};
  std::mt19937_64 random(2);
  auto released = released_rows_of(model_of(n));
  step_t now = 0;
  double owed = 0;
  const auto push = [&](std::uint64_t source) {
    std::span<const double> factors;
    if (released) factors = released->spike(net.store, source, now + 1, 0.1);
    const auto segments = net.store.row(source);
    for (std::size_t i = 0; i < segments.size(); ++i)
      due.push(now + segments[i].delay(), segments[i], {}, released ? factors[i] : 1.0);
  };
  const auto advance = [&] {
    for (owed += n.spikes_per_step; owed >= 1; --owed) push(random() % n.sources);
    due.deliver(++now, {stores}, row);
  };
  for (std::uint32_t i = 0; i < n.delays; ++i) advance();
  for (auto _ : state) advance();
  state.counters["per_event"] = benchmark::Counter(
      n.spikes_per_step * n.out, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void walk_steps(benchmark::State& state, network n) {
  rows net(n);
  slot_map slots, currents;
  target_lookup targets(slots, currents);
  targets.add({local_part(1, n.targets, {0, 1}),
               history_line(0),
               {{0, false, slots.add(block_ordinal(0), 0, padded(n.targets), n.form), 0}}});
  std::vector<std::uint32_t> lines(slots.size() / slot_map::page);
  for (std::uint32_t page = 0; page < lines.size(); ++page) lines[page] = page * slot_map::page;
  plastic_targets of_lines{};
  of_lines.line_of_page = lines.data();
  of_lines.n_lines = slots.size();
  of_lines.resolution_ms = 0.1;
  input_rows arrivals;
  arrivals.prepare({slots.size(), 0, true}, 1);
  arrivals.open_arrivals(n.delays + 1);
  timed_input timed;
  auto walked = *walked_rows_of(model_of(n));
  std::mt19937_64 random(2);
  step_t now = 0;
  for (auto _ : state)
    walked.spike(net.store, random() % n.sources, ++now, {1, store_ordinal(0)}, targets, of_lines, {arrivals, timed},
                 nullptr);
  state.counters["per_event"] =
      benchmark::Counter(n.out, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

}  // namespace
}  // namespace volley::runtime

int main(int argc, char** argv) {
  using namespace volley::runtime;
  volley::bench::register_machine_bounds();
  const auto add = [](const char* name, const network& n) { benchmark::RegisterBenchmark(name, deliver_steps, n); };
  // The balanced network at 30 Hz, on one VP and on the half of it, and the microcircuit at 3 Hz.
  add("deliver/one_weight/u16", {12500, 12500, 1250, 1, false, input_form::sum, 37.5});
  add("deliver/one_weight/u16/by_sign", {12500, 12500, 1250, 1, false, input_form::by_sign, 37.5});
  add("deliver/one_weight/u16/half", {6250, 12500, 625, 1, false, input_form::sum, 37.5});
  add("deliver/one_weight/u32", {80000, 20000, 1250, 1, false, input_form::sum, 37.5});
  add("deliver/weights/u16", {12500, 12500, 1250, 1, true, input_form::sum, 37.5});
  add("deliver/weights/u16/by_sign", {12500, 12500, 1250, 1, true, input_form::by_sign, 37.5});
  add("deliver/weights/u32", {80000, 10000, 1250, 1, true, input_form::by_sign, 37.5});
  add("deliver/weights_and_delays/u16", {23150, 23150, 1160, 40, true, input_form::by_sign, 7.0});
  add("deliver/weights_and_delays/u32", {77169, 15000, 3870, 40, true, input_form::by_sign, 25.0});
  benchmark::RegisterBenchmark("walk/bernoulli_delays/u16", walk_steps,
                               network{12500, 12500, 1250, 40, true, input_form::sum, 1, "bernoulli_synapse"});
  for (const auto& model : all_models())
    if (!model.plastic && !model.name.ends_with("_lbl") && !model.name.ends_with("_hpc"))
      benchmark::RegisterBenchmark(("model/" + std::string(model.name)).c_str(),
                                   walked_rows_of(model) ? walk_steps : deliver_steps,
                                   network{12500, 4000, 1250, 1, true, input_form::sum, 37.5, model.name});
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
