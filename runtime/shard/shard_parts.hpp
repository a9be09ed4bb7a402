// What a shard is made of. Each part knows only parts above it.
#pragma once
#include "runtime/shard/cells.hpp"
#include "runtime/shard/delivery.hpp"
#include "runtime/shard/emission.hpp"
#include "runtime/shard/generators.hpp"
#include "runtime/shard/recording.hpp"
#include "runtime/shard/run_plan.hpp"
#include "runtime/shard/stores.hpp"

namespace volley::runtime {

struct shard_parts {
  explicit shard_parts(const layout& place) : cells(place) {}

  run_plan plan;
  runtime::cells cells;
  runtime::generators generators;
  runtime::stores stores;
  runtime::recording recording;
  runtime::delivery delivery{plan, cells, stores, generators, recording};
  runtime::emission emission{plan, cells, generators, recording};

  /// Those of recorders included.
  std::uint64_t n_connections() const { return stores.n_connections() + recording.connections().n_connections(); }
};

}  // namespace volley::runtime
