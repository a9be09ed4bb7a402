#include "runtime/kernel/connection_table.hpp"

#include <algorithm>

#include "runtime/base/error.hpp"
#include "runtime/values/field_values.hpp"

namespace volley::runtime {

std::pair<connection_values, std::size_t> joined(const std::vector<reply>& parts, std::size_t n) {
  connection_values all;
  for (const auto& part : parts)
    all.n_parameters = std::max(all.n_parameters, std::get<connection_values>(part).n_parameters);
  all.weights.resize(n);
  all.delay_steps.resize(n);
  all.receptors.resize(n);
  all.parameters.resize(n * all.n_parameters);
  std::vector<std::uint8_t> read(n);
  for (const auto& one : parts) {
    const auto& part = std::get<connection_values>(one);
    for (std::size_t i = 0; i < part.positions.size(); ++i) {
      const auto to = part.positions[i];
      read[to] = 1;
      all.weights[to] = part.weights[i];
      all.delay_steps[to] = part.delay_steps[i];
      all.receptors[to] = part.receptors[i];
      const auto first = part.parameters.begin() + static_cast<std::ptrdiff_t>(i * part.n_parameters);
      std::copy_n(first, part.n_parameters,
                  all.parameters.begin() + static_cast<std::ptrdiff_t>(to * all.n_parameters));
    }
  }
  const auto missing = static_cast<std::size_t>(std::ranges::find(read, 0) - read.begin());
  return {std::move(all), missing};
}

connection_table::connection_table(std::shared_ptr<const connection_columns> list, std::vector<std::string> keys,
                                   const model_registry& models)
    : list_(std::move(list)), keys_(std::move(keys)), models_(models) {
  std::vector<bool> seen(models.synapses().size());
  for (std::size_t i = 0; i < list_->size(); ++i) {
    const auto model = list_->store(i);
    if (!seen[model.index()]) models_in_list_.push_back(model);
    seen[model.index()] = true;
  }
}

bool connection_table::wants(std::string_view key) const {
  return keys_.empty() || std::ranges::find(keys_, key) != keys_.end();
}

std::optional<synapse_property> connection_table::property(store_ordinal model, std::string_view key) const {
  return find_own_property(*models_.synapse(model).model, key);
}

template <class Visit> void connection_table::for_each_parameter(Visit&& visit) const {
  std::vector<std::string_view> seen;
  for (const auto model : models_in_list_)
    for (const auto& f : models_.synapse(model).model->fields) {
      if (!wants(f.name) || !property(model, f.name) || std::ranges::find(seen, f.name) != seen.end()) continue;
      seen.push_back(f.name);
      visit(f.name);
    }
}

bool connection_table::wants_parameters() const {
  bool any = false;
  for_each_parameter([&](std::string_view) { any = true; });
  return any || (wants("delay") && std::ranges::any_of(models_in_list_, [this](store_ordinal model) {
                   return models_.synapse(model).model->lead >= 0;
                 }));
}

dictionary connection_table::columns(connection_values values, const time_grid& time,
                                     const std::function<std::int64_t(std::int64_t, std::int64_t)>& thread_of) const {
  dictionary to;
  const auto n = list_->size();
  const auto put = [&](const char* key, auto&& entry) {
    if (!wants(key)) return;
    std::vector<std::decay_t<decltype(entry(std::size_t{}))>> column(n);
    for (std::size_t i = 0; i < n; ++i) column[i] = entry(i);
    to[key] = std::move(column);
  };
  const auto entry_of = [&](std::size_t i) -> const synapse_entry& { return models_.synapse(list_->store(i)); };
  put("source", [&](std::size_t i) { return list_->sources[i]; });
  put("target", [&](std::size_t i) { return list_->targets[i]; });
  put("target_thread", [&](std::size_t i) { return thread_of(list_->sources[i], list_->targets[i]); });
  put("synapse_id", [&](std::size_t i) { return list_->models[i]; });
  put("synapse_model", [&](std::size_t i) { return entry_of(i).name; });
  put("port", [&](std::size_t i) { return list_->ports[i]; });
  // As the API's kernel tells it; the last bit may differ from that of a time.
  put("delay", [&](std::size_t i) {
    const auto lead = entry_of(i).model->lead;
    const auto at = i * values.n_parameters + static_cast<std::size_t>(lead);
    return static_cast<double>(values.delay_steps[i]) * time.resolution_ms() - (lead < 0 ? 0 : values.parameters[at]);
  });
  put("receptor", [&](std::size_t i) { return static_cast<std::int64_t>(values.receptors[i]); });
  put("sizeof", [&](std::size_t i) { return static_cast<std::int64_t>(bytes_of_connection(*entry_of(i).model)); });
  if (wants("weight")) put_weights(to, std::move(values.weights));
  for_each_parameter([&](std::string_view key) { put_parameter(to, key, values); });
  for (const auto& key : keys_)
    if (!to.contains(key))
      throw api_error(error_kind::KeyErrorBuiltin, "get: '" + key + "' is no key of these connections");
  return to;
}

void connection_table::put_weights(dictionary& to, std::vector<double> weights) const {
  const auto is_common = [this](store_ordinal model) { return models_.synapse(model).model->common_weight; };
  const auto common = std::ranges::count_if(models_in_list_, is_common);
  if (common == 0) {
    to["weight"] = std::move(weights);
  } else if (common != static_cast<std::ptrdiff_t>(models_in_list_.size())) {
    std::vector<value> column(weights.begin(), weights.end());
    for (std::size_t i = 0; i < column.size(); ++i)
      if (is_common(list_->store(i))) column[i] = value();
    to["weight"] = std::move(column);
  }
}

void connection_table::put_parameter(dictionary& to, std::string_view key, const connection_values& values) const {
  std::vector<std::optional<synapse_property>> of_model(models_.synapses().size());
  for (const auto model : models_in_list_) of_model[model.index()] = property(model, key);
  const auto at = [&](std::size_t i) { return of_model[list_->store(i).index()]; };
  const auto number = [&](std::size_t i) { return values.parameters[i * values.n_parameters + at(i)->member]; };
  const auto n = list_->size();
  const auto& front = of_model[models_in_list_.front().index()];
  const auto alike = [&](store_ordinal model) {
    const auto& own = of_model[model.index()];
    return own && front && own->field->kind == front->field->kind &&
           own->field->choices.data() == front->field->choices.data();
  };
  if (std::ranges::all_of(models_in_list_, alike)) {
    std::vector<double> numbers(n);
    for (std::size_t i = 0; i < n; ++i) numbers[i] = number(i);
    to[key] = shown_column(*front->field, numbers);
    return;
  }
  std::vector<value> column(n);
  for (std::size_t i = 0; i < n; ++i)
    if (at(i)) column[i] = shown(*at(i)->field, number(i));
  to[key] = std::move(column);
}

}  // namespace volley::runtime
