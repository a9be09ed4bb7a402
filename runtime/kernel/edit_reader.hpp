// Reads the values that `set` of a SynapseCollection gets, as an edit of its connections.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/base/time.hpp"
#include "runtime/base/unknown_keys.hpp"
#include "runtime/connections/delay_extrema.hpp"
#include "runtime/connections/delay_limits.hpp"
#include "runtime/connections/row_editor.hpp"
#include "runtime/kernel/model_registry.hpp"
#include "runtime/values/connection_columns.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

class edit_reader {
 public:
  /// All but the limits are kept by reference.
  edit_reader(const connection_columns& list, const model_registry& models, const time_grid& time,
              const delay_limits& delays, unknown_keys& unknown)
      : list_(list), models_(models), time_(time), delays_(delays), unknown_(unknown) {}

  /// A dictionary of numbers and lists, or a list of one dictionary a connection, each with the keys that are to
  /// change. A key counts for the connections whose model knows it; the others are told of. Errors: TypeError,
  /// TypeMismatch, IndexError, ValueError, BadDelay, those of unknown keys.
  connection_edit operator()(const value& values) const;

 private:
  /// Which connections take what `v` gives under the key. `gaps`: entries that are none give nothing.
  std::vector<std::uint8_t> takers(const std::string& key, const value& v, bool gaps) const;
  /// The numbers of `v` for those with `given`.
  number_list numbers(const std::string& key, const value& v, std::vector<std::uint8_t> given) const;
  number_list floats(const std::string& key, const value& v, std::vector<std::uint8_t> given) const;
  /// Whether connections of some model have no float under the key.
  bool typed_property(const std::string& key) const;
  void add(connection_edit& edit, const std::string& key, number_list numbers) const;
  void add_delays(connection_edit& edit, number_list delays_ms) const;
  std::string name_of(std::size_t i) const;

  const connection_columns& list_;
  const model_registry& models_;
  const time_grid& time_;
  delay_limits delays_;
  unknown_keys& unknown_;
};

/// Of the delays that an edit sets.
delay_extrema extrema_of(const connection_edit& edit);

}  // namespace volley::runtime
