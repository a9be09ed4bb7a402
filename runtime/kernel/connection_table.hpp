// What `get` of a SynapseCollection returns: a column for each key, with one entry a connection.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/shard/order.hpp"
#include "runtime/values/connection_columns.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The values that several shards read, in the order of a list of n connections; and the first position that none of
/// them read, or n.
std::pair<connection_values, std::size_t> joined(const std::vector<reply>& parts, std::size_t n);

class connection_table {
 public:
  /// `keys`: the wanted ones; none: all. The registry must outlive the table.
  connection_table(std::shared_ptr<const connection_columns> list, std::vector<std::string> keys,
                   const model_registry& models);

  /// Whether parameters and traces are among the wanted ones.
  bool wants_parameters() const;
  /// `values`: one entry a connection; one that lacks a key has none. `thread_of`: the VP that keeps a connection.
  /// Errors: builtins.KeyError for a key that none has.
  dictionary columns(connection_values values, const time_grid& time,
                     const std::function<std::int64_t(std::int64_t source, std::int64_t target)>& thread_of) const;

 private:
  bool wants(std::string_view key) const;
  /// Calls visit(key) for the parameters and traces of the models in the list.
  template <class Visit> void for_each_parameter(Visit&& visit) const;
  /// What a model's connections have under a key.
  std::optional<synapse_property> property(store_ordinal model, std::string_view key) const;
  void put_weights(dictionary& to, std::vector<double> weights) const;
  void put_parameter(dictionary& to, std::string_view key, const connection_values& values) const;

  std::shared_ptr<const connection_columns> list_;
  std::vector<std::string> keys_;
  const model_registry& models_;
  std::vector<store_ordinal> models_in_list_;
};

}  // namespace volley::runtime
