// Time of one update of one neuron, for each model, instruction set, number of steps a call, and how much differs
// between cells: nothing, the current I_e, or all parameters; or nothing, and spikes arrive all the time, but too weak
// to let a neuron spike. Two input rows are read and cleared. Prints ns per neuron and step, and how many numbers that
// reads and rewrites at least: those of input, and the state once a call.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "models/catalog.hpp"
#include "runtime/nodes/population.hpp"
#include "tests/bench/machine_bounds.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint32_t cells =
    10048;  // not a multiple of 512: rows at a stride of 4096 bytes would collide in the cache

enum class differs { nothing, current, everything, noise };

dictionary values_of(const models::neuron_model& model, differs what) {
  dictionary values;
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> draw(0.98, 1.02);
  const auto list = [&](double x) {
    std::vector<double> v(cells);
    for (double& e : v) e = x * draw(random);
    return v;
  };
  const attributes defaults(model);
  for (const auto& f : model.fields) {
    const value v = defaults.get(f.name);
    const bool is_current = f.name == "I_e";
    if (f.where != models::part::params || !v.is<double>() || std::abs(*v.get_if<double>()) > 1e300) continue;
    if (is_current && what == differs::noise) continue;
    if (is_current && what == differs::nothing)
      values["I_e"] = 300.0;
    else if (is_current)
      values["I_e"] = list(300.0);
    else if (what == differs::everything)
      values[f.name] = list(*v.get_if<double>());
  }
  return values;
}

/// Input of as many cells and steps: 8000 spikes/s of a tenth of a pA, nS or mV to each row.
pool<double> noise_of(std::size_t size) {
  std::mt19937_64 random(2);
  std::poisson_distribution<int> spikes(0.8);
  pool<double> all(size, 0.0);
  for (double& x : all) x = 0.1 * spikes(random);
  return all;
}

void update(benchmark::State& state, const models::neuron_model& model, const loop_set& loops, differs what) {
  const auto steps = static_cast<std::uint32_t>(state.range(0));
  population nodes(attributes(model), {1, 1, cells}, loops);
  std::vector<std::uint32_t> all(cells);
  for (std::uint32_t cell = 0; cell < cells; ++cell) all[cell] = cell;
  nodes.set(values_of(model, what), all);
  nodes.prepare({});

  const std::size_t spiking = std::min<std::size_t>(model.inputs, 2);  // currents are seldom connected: null rows
  pool<double> rows(spiking * steps * cells, 0.0), counts(steps * nodes.padded()), offsets(steps * nodes.padded());
  const auto noise = noise_of(what == differs::noise ? rows.size() : 0);
  std::vector<models::sent_spike> sent;
  std::vector<double*> pointers(model.inputs * steps, nullptr);
  for (std::size_t row = 0; row < spiking * steps; ++row) pointers[row] = rows.data() + row * cells;
  std::vector<std::uint64_t> bits(steps * nodes.padded() / block_cells);
  step_t now = 0;
  for (auto _ : state) {
    if (what == differs::noise) {
      state.PauseTiming();
      std::ranges::copy(noise, rows.begin());
      state.ResumeTiming();
    }
    nodes.advance(now, steps, 1, {pointers.data()}, {bits.data(), counts.data(), offsets.data(), &sent});
    now += steps;
  }
  state.counters["rewrites"] = static_cast<double>(spiking) + static_cast<double>(model.state()) / steps;
  state.counters["ns_per_neuron_step"] = benchmark::Counter(
      1e-9 * cells * steps, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

void register_all(const std::vector<models::neuron_model>& models) {
  const std::pair<differs, const char*> variations[] = {{differs::nothing, "uniform"},
                                                        {differs::current, "I_e"},
                                                        {differs::everything, "all"},
                                                        {differs::noise, "noise"}};
  for (const auto& model : models)
    for (const loop_set& loops : runnable_loops())
      for (const auto& [what, name] : variations)
        benchmark::RegisterBenchmark(
            (std::string(model.name) + "/" + std::string(loops.isa) + "/" + name).c_str(),
            [&model, &loops, what = what](benchmark::State& state) { update(state, model, loops, what); })
            ->Arg(1)
            ->Arg(15);
}

}  // namespace
}  // namespace volley::runtime

int main(int argc, char** argv) {
  const auto models = volley::models::built_in_neurons();
  volley::bench::register_machine_bounds();
  volley::runtime::register_all(models);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
