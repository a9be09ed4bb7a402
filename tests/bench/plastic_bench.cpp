// Time of one event at one plastic synapse, for each plastic model, instruction set, number of target spikes in a
// source's interval, and length of segments (one delay for all, or delays drawn for each synapse). Rows reach every
// target and are read from memory, as in a large network. Prints ns per event, of which the targets' spikes (their
// histories) are a small part.
#include <benchmark/benchmark.h>

#include <numeric>
#include <random>
#include <string>

#include "models/catalog.hpp"
#include "runtime/delivery/plastic_rows.hpp"
#include "tests/bench/machine_bounds.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t n_targets = 4000, n_sources = 1000, slots = 4032;

/// All sources to all targets, by one model.
connection_store dense_store(const models::synapse_model& model, std::uint32_t segment_length) {
  connection_store store(true, static_cast<std::uint32_t>(model.n_traces));
  const auto set = store.add_parameter_set({model.defaults.begin(), model.defaults.end()});
  store.slots().grow(std::uint64_t{n_sources} * n_targets, slots);
  store.weight_column().resize(store.slots().size(), 40.0);
  connection_store::row_writer writer(store);
  std::vector<placed_segment> row;
  for (std::uint32_t source = 0; source < n_sources; ++source) {
    for (std::uint32_t i = 0; i < n_targets; ++i)
      store.slots().set(std::uint64_t{source} * n_targets + i, input_slot(i));
    row.clear();
    for (std::uint32_t first = 0; first < n_targets; first += segment_length) {
      segment r{};
      r.begin = r.weight = std::uint64_t{source} * n_targets + first;
      r.count = segment_length;
      r.delay_steps = 1 + first / segment_length;
      r.varied = 1;
      row.push_back({r, set, 0});
    }
    writer.add(source, row);
  }
  writer.finish();
  return store;
}

/// One source spikes in each step, in turn.
void events(benchmark::State& state, const models::synapse_model& model, const loop_set& loops, double target_spikes,
            std::uint32_t segment_length) {
  auto all = *plastic_rows_of(model, loops);
  connection_store store = dense_store(model, segment_length);
  post_history history;
  history.add_lines(slots);
  std::vector<std::uint32_t> lines(slots / slot_map::page);
  for (std::uint32_t page = 0; page < lines.size(); ++page) lines[page] = page * slot_map::page;
  for (std::uint32_t target = 0; target < slots; ++target) history.open(history_line(target));
  const std::vector<double> tau_minus_ms(slots, 20.0);
  input_rows rows;
  rows.prepare({slots, 0, false}, 1);
  const auto max_delay = static_cast<step_t>(n_targets / segment_length);
  rows.open_arrivals(max_delay + 1);
  timed_input timed;

  std::mt19937_64 random(1);
  std::binomial_distribution<std::uint32_t> spiking(n_targets, target_spikes / n_sources);
  std::vector<std::uint32_t> targets(n_targets);
  std::iota(targets.begin(), targets.end(), 0);
  step_t now = 0;
  const auto step = [&] {
    ++now;
    for (std::uint32_t i = 0, n = spiking(random); i < n; ++i) {
      std::swap(targets[i], targets[i + random() % (n_targets - i)]);
      history.append(history_line(targets[i]), now, 20.0, 0.1);
    }
    all.spike(store, static_cast<std::uint64_t>(now % n_sources), now,
              {lines.data(), tau_minus_ms.data(), false, 0.1, slots, history.lines(), nullptr}, {rows, timed}, nullptr);
    if (now % (8 * n_sources) == 0) history.prune(now - n_sources - max_delay);
  };
  while (now < 2 * n_sources) step();
  for (auto _ : state) step();
  state.counters["ns_per_event"] =
      benchmark::Counter(1e-9 * n_targets, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void register_all(const std::vector<models::synapse_model>& models) {
  for (const auto& model : models)
    for (const loop_set& loops : runnable_loops())
      for (const double target_spikes : {0.2, 1.0, 3.0})
        for (const std::uint32_t segment_length : {n_targets, 40u, 5u}) {
          if (!model.plastic || (segment_length != n_targets && target_spikes != 1.0)) continue;
          const auto name = std::string(model.name) + "/" + std::string(loops.isa) +
                            "/spikes:" + std::to_string(target_spikes).substr(0, 3) +
                            "/segment:" + std::to_string(segment_length);
          benchmark::RegisterBenchmark(name.c_str(),
                                       [&model, &loops, target_spikes, segment_length](benchmark::State& state) {
                                         events(state, model, loops, target_spikes, segment_length);
                                       });
        }
}

}  // namespace
}  // namespace volley::runtime

int main(int argc, char** argv) {
  const auto models = volley::models::built_in_synapses();
  volley::bench::register_machine_bounds();
  volley::runtime::register_all(models);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
