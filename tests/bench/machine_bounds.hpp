// What this machine can do at best, measured in the same run as what is compared with it.
#pragma once
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "runtime/base/pool.hpp"

namespace volley::bench {

/// Reads 256 MiB one after the other: ns per 8 bytes.
inline void stream(benchmark::State& state) {
  runtime::pool<double> all((std::size_t{256} << 20) / sizeof(double), 1.0);
  double sums[8] = {};
  for (auto _ : state) {
    for (std::size_t i = 0; i < all.size(); i += 8)
      for (std::size_t lane = 0; lane < 8; ++lane) sums[lane] += all[i + lane];
    benchmark::DoNotOptimize(sums);
  }
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(all.size()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Adds to doubles at random among `bytes` bytes, their places read from a list of `Slot`: the least that an event can
/// cost.
template <class Slot> void scatter(benchmark::State& state, std::size_t bytes) {
  const std::size_t slots = bytes / sizeof(double), events = std::size_t{1} << 20;
  runtime::pool<double> row(slots, 0.0);
  runtime::pool<Slot> places(events);
  std::mt19937_64 random(1);
  for (auto& place : places) place = static_cast<Slot>(random() % slots);
  for (auto _ : state) {
    for (std::size_t i = 0; i < events; ++i) row[places[i]] += 0.5;
    benchmark::ClobberMemory();
  }
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(events), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// In the widest vectors of this machine.
#ifdef __x86_64__
[[gnu::target_clones("avx512f", "avx2", "default")]]
#endif
static void
rewrite_all(double* all, std::size_t n) {
  using line [[gnu::vector_size(64), gnu::may_alias]] = double;
  for (std::size_t i = 0; i < n; i += 8) {
    line& x = *reinterpret_cast<line*>(all + i);
    x = x * 0.5 + 0.25;
  }
}

/// Reads and rewrites `bytes` bytes one after the other, again and again: ns per 8 bytes. What an update costs that
/// computes nothing.
inline void rewrite(benchmark::State& state, std::size_t bytes) {
  runtime::pool<double> all(bytes / sizeof(double), 1.0);
  for (auto _ : state) {
    rewrite_all(all.data(), all.size());
    benchmark::DoNotOptimize(all.data());
    benchmark::ClobberMemory();
  }
  state.counters["per_event"] = benchmark::Counter(
      static_cast<double>(all.size()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

inline void register_machine_bounds() {
  const std::pair<const char*, std::size_t> places[] = {
      {"L1", 16 << 10}, {"L2", 512 << 10}, {"L3", 8 << 20}, {"DRAM", 256 << 20}};
  for (const auto& [name, bytes] : places)
    benchmark::RegisterBenchmark((std::string("machine/rewrite_8_bytes/") + name).c_str(), rewrite, bytes);
  benchmark::RegisterBenchmark("machine/stream_8_bytes", stream);
  const std::pair<const char*, std::size_t> levels[] = {
      {"32KiB", 32 << 10}, {"100KiB", 100 << 10}, {"512KiB", 512 << 10}};
  for (const auto& [name, bytes] : levels)
    benchmark::RegisterBenchmark((std::string("machine/add_u16/") + name).c_str(), scatter<std::uint16_t>, bytes);
  const std::pair<const char*, std::size_t> far[] = {{"512KiB", 512 << 10}, {"8MiB", 8 << 20}, {"256MiB", 256 << 20}};
  for (const auto& [name, bytes] : far)
    benchmark::RegisterBenchmark((std::string("machine/add_u32/") + name).c_str(), scatter<std::uint32_t>, bytes);
}

}  // namespace volley::bench
