#include "runtime/values/node_columns.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/values/node_values.hpp"

namespace volley::runtime {

bool node_columns::wants(std::string_view key) const {
  return keys_.empty() || std::find(keys_.begin(), keys_.end(), key) != keys_.end();
}

bool node_columns::complete() const {
  return !keys_.empty() && std::all_of(keys_.begin(), keys_.end(), [this](const auto& key) {
    const auto at = columns_.find(key);
    return at != columns_.end() && at->second.count == rows_;
  });
}

void node_columns::note(std::string_view key) {
  if (wants(key)) column_of(key);
}

void node_columns::put(std::string_view key, std::uint64_t row, value v) {
  if (wants(key)) put_one(column_of(key), row, std::move(v));
}

node_columns::column& node_columns::column_of(std::string_view key) {
  auto at = columns_.find(key);
  if (at == columns_.end()) {
    at = columns_.emplace(std::string(key), column{}).first;
    at->second.filled.resize(rows_);
    order_.emplace_back(key);
  }
  return at->second;
}

void node_columns::put_one(column& c, std::uint64_t row, value v) {
  using form = column::form;
  const auto wanted = v.is<double>()         ? form::reals
                      : v.is<std::int64_t>() ? form::integers
                      : v.is<bool>()         ? form::flags
                                             : form::mixed;
  if (c.kind == form::none) {
    c.kind = wanted;
    if (wanted == form::reals)
      c.reals.resize(rows_);
    else if (wanted == form::integers)
      c.integers.resize(rows_);
    else if (wanted == form::flags)
      c.flags.resize(rows_);
    else
      c.mixed.resize(rows_);
  }
  if (c.kind != wanted && c.kind != form::mixed) generalise(c);
  switch (c.kind) {
    case form::reals: c.reals[row] = *v.get_if<double>(); break;
    case form::integers: c.integers[row] = *v.get_if<std::int64_t>(); break;
    case form::flags: c.flags[row] = *v.get_if<bool>(); break;
    default: c.mixed[row] = std::move(v);
  }
  if (!c.filled[row]) ++c.count;
  c.filled[row] = 1;
}

void node_columns::generalise(column& c) const {
  using form = column::form;
  c.mixed.resize(rows_);
  for (std::uint64_t i = 0; i < rows_; ++i) {
    if (!c.filled[i]) continue;
    if (c.kind == form::reals)
      c.mixed[i] = c.reals[i];
    else if (c.kind == form::integers)
      c.mixed[i] = c.integers[i];
    else
      c.mixed[i] = c.flags[i] != 0;
  }
  c.kind = form::mixed;
}

void node_columns::put(const column_part& part) {
  if (!wants(part.key)) return;
  auto& column = column_of(part.key);
  for (std::size_t i = 0; i < part.rows.size(); ++i) put_one(column, part.rows[i], entry_of(part.values, i));
}

dictionary node_columns::take() {
  for (const auto& key : keys_)
    if (columns_.find(key) == columns_.end())
      throw api_error(error_kind::KeyErrorBuiltin, "get: '" + key + "' is no key of " + of_);
  return take_known();
}

dictionary node_columns::take_known() {
  dictionary result;
  using form = column::form;
  for (const auto& key : order_) {
    auto& c = columns_.find(key)->second;
    if (c.kind != form::mixed && c.count != rows_) generalise(c);
    switch (c.kind) {
      case form::reals: result[key] = std::move(c.reals); break;
      case form::integers: result[key] = std::move(c.integers); break;
      case form::flags: result[key] = booleans{std::move(c.flags)}; break;
      default: result[key] = std::move(c.mixed);
    }
  }
  return result;
}

}  // namespace volley::runtime
