// What construction draws cost: nanoseconds per connection of each rule as one VP of one walks it, per index drawn with
// each instruction set, and per value of common Parameters.
#include <benchmark/benchmark.h>

#include <vector>

#include "models/core/bulk_draws.hpp"
#include "runtime/rules/walk.hpp"
#include "runtime/values/parameter.hpp"
#include "tests/bench/machine_bounds.hpp"

namespace {

using namespace volley;
using namespace volley::runtime;

void count_ns(benchmark::State& state, std::uint64_t per_iteration) {
  const auto total = static_cast<double>(state.iterations()) * static_cast<double>(per_iteration);
  state.counters["per_item"] = benchmark::Counter(total, benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

void indices(benchmark::State& state, const models::draw_loops& loops) {
  std::vector<std::uint32_t> out(1280);
  std::uint64_t owner = 0;
  for (auto _ : state) {
    models::uniform_indices(loops, {1, models::purpose::rule_target, 1}, ++owner, 12500, 0, out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_ns(state, out.size());
}

rule_spec spec(rule_kind kind, rule_number number) {
  rule_spec s;
  s.kind = kind;
  s.sources = s.targets = node_set{0, {{1, 12500, 1}}};
  s.seed = 1;
  s.number = std::move(number);
  return s;
}

void walk(benchmark::State& state, rule_spec s) {
  std::uint64_t connections = 0;
  for (auto _ : state) {
    std::uint64_t sum = 0;
    rule_walk(s, {0, 1}).for_each([&](const connection_batch& batch) {
      connections += batch.size();
      sum += batch.many.back();
    });
    benchmark::DoNotOptimize(sum);
  }
  count_ns(state, connections / state.iterations());
}

void values(benchmark::State& state, std::vector<term> terms) {
  const auto p = parameter::make(std::move(terms));
  std::vector<std::uint32_t> sources(1000);
  for (std::uint32_t i = 0; i < sources.size(); ++i) sources[i] = i + 1;
  std::vector<double> out(sources.size());
  std::uint32_t target = 1;
  const std::uint32_t multapse = 0;
  for (auto _ : state) {
    ++target;
    p->evaluate(draw_sites{{1, models::purpose::connection_parameter, 1}, {sources, {&target, 1}, {&multapse, 1}}, 1},
                out);
    benchmark::DoNotOptimize(out.data());
    benchmark::ClobberMemory();
  }
  count_ns(state, out.size());
}

rule_spec symmetric() {
  rule_spec s = spec(rule_kind::symmetric_pairwise_bernoulli, 0.1);
  s.sources = s.targets = node_set{0, {{1, 2000, 1}}};
  s.allow_autapses = false;
  s.make_symmetric = true;
  return s;
}

rule_spec without_multapses(std::int64_t degree) {
  rule_spec s = spec(rule_kind::fixed_indegree, degree);
  s.allow_multapses = false;
  return s;
}

const term a_uniform{operation::uniform, {}, {0, 1}};
const term a_normal{operation::normal, {}, {1, 0.5}};

BENCHMARK_CAPTURE(indices, scalar, models::draw_loops_scalar);
BENCHMARK_CAPTURE(indices, sse2, models::draw_loops_sse2);
BENCHMARK_CAPTURE(indices, avx2, models::draw_loops_avx2);
BENCHMARK_CAPTURE(indices, avx512, models::draw_loops_avx512);

BENCHMARK_CAPTURE(walk, fixed_indegree_1250, spec(rule_kind::fixed_indegree, std::int64_t{1250}));
BENCHMARK_CAPTURE(walk, fixed_indegree_100, spec(rule_kind::fixed_indegree, std::int64_t{100}));
BENCHMARK_CAPTURE(walk, fixed_indegree_1250_no_multapses, without_multapses(1250));
BENCHMARK_CAPTURE(walk, fixed_outdegree_1250, spec(rule_kind::fixed_outdegree, std::int64_t{1250}));
BENCHMARK_CAPTURE(walk, fixed_total_number_15625000, spec(rule_kind::fixed_total_number, std::int64_t{15625000}));
BENCHMARK_CAPTURE(walk, pairwise_bernoulli, spec(rule_kind::pairwise_bernoulli, 0.1));
BENCHMARK_CAPTURE(walk, pairwise_poisson, spec(rule_kind::pairwise_poisson, 0.1));
BENCHMARK_CAPTURE(walk, symmetric_pairwise_bernoulli, symmetric());
BENCHMARK_CAPTURE(walk, all_to_all, spec(rule_kind::all_to_all, {}));
BENCHMARK_CAPTURE(walk, one_to_one, spec(rule_kind::one_to_one, {}));

BENCHMARK_CAPTURE(values, uniform, {a_uniform});
BENCHMARK_CAPTURE(values, normal, {a_normal});
BENCHMARK_CAPTURE(values, lognormal, {{operation::lognormal, {}, {0, 1}}});
BENCHMARK_CAPTURE(values, redraw_normal, {a_normal, {operation::redraw, {0}, {0, 10}}});
BENCHMARK_CAPTURE(values, uniform_plus_normal, {a_uniform, a_normal, {operation::add, {0, 1}, {}}});

}  // namespace

int main(int argc, char** argv) {
  volley::bench::register_machine_bounds();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
