// Time of one synaptic event, by what a row holds (one weight, a weight each, random delays) and how its slots are kept
// (16 or 32 bits), beside what the machine needs for the additions alone. Prints ns per event and thread.
#include <algorithm>
#include <random>
#include <vector>

#include "runtime/delivery/calendar.hpp"
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
};

class rows {
 public:
  explicit rows(const network& n) {
    std::mt19937_64 random(1);
    auto& slots = store.slots();
    slots.grow(std::uint64_t{n.sources} * n.out, n.targets);
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
        segments.push_back({r, 0, 0});
      }
      slots.write(first, drawn);
      writer.add(source, segments);
    }
    writer.finish();
  }
  connection_store store{false, 0};
};

void deliver_steps(benchmark::State& state, network n) {
  rows net(n);
  const connection_store* const stores[] = {&net.store};
  calendar due;
  due.prepare(n.delays + 1);
  pool<double> sums(2 * std::size_t{n.targets}, 0.0);
  const input_row row{sums.data(), sums.data() + n.targets, nullptr};
  std::mt19937_64 random(2);
  step_t now = 0;
  double owed = 0;
  const auto advance = [&] {
    for (owed += n.spikes_per_step; owed >= 1; --owed)
      for (const segment& r : net.store.row(random() % n.sources)) due.push(now + r.delay(), r, {}, 1.0);
    due.deliver(++now, {stores}, row);
  };
  for (std::uint32_t i = 0; i < n.delays; ++i) advance();
  for (auto _ : state) advance();
  state.counters["per_event"] = benchmark::Counter(
      n.spikes_per_step * n.out, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
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
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
