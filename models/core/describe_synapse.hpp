// From a synapse model's struct to its description.
#pragma once
#include "models/core/synapse.hpp"
#include "models/core/synapse_model.hpp"

namespace volley::models {

namespace detail {

/// Default parameters, then traces, then variables.
template <class M> constexpr auto synapse_defaults() {
  constexpr auto params = values_of(typename M::template params<double>{});
  constexpr auto traces = values_of(typename M::template traces<double>{});
  constexpr auto variables = values_of(connection_of<M>{});
  std::array<double, params.size() + traces.size() + variables.size()> all{};
  std::size_t n = 0;
  for (const double x : params) all[n++] = x;
  for (const double x : traces) all[n++] = x;
  for (const double x : variables) all[n++] = x;
  return all;
}

template <class M> constexpr auto defaults_of_synapse = synapse_defaults<M>();

/// With a label behind the parameters.
template <class M> constexpr auto labelled_defaults() {
  constexpr auto all = defaults_of_synapse<M>;
  constexpr auto n_params = columns_of<typename M::template params<double>>;
  std::array<double, all.size() + 1> with{};
  for (std::size_t i = 0; i < with.size(); ++i)
    with[i] = i < n_params ? all[i] : (i == n_params ? no_label : all[i - 1]);
  return with;
}
template <class M> constexpr auto defaults_with_label = labelled_defaults<M>();

template <class M> constexpr auto labelled_fields() {
  std::array<field, M::fields.size() + 1> with{};
  for (std::size_t i = 0; i < M::fields.size(); ++i) with[i] = M::fields[i];
  with.back() = {.name = "synapse_label",
                 .where = part::params,
                 .column = columns_of<typename M::template params<double>>,
                 .meaning = "what connections are found by; -1 without",
                 .kind = field_kind::integer,
                 .range = bound::non_negative,
                 .at_most = 0x1p53 - 1};
  return with;
}
template <class M> constexpr auto fields_with_label = labelled_fields<M>();

template <class M, std::size_t N> constexpr auto name_with(const char (&suffix)[N]) {
  std::array<char, M::name.size() + N - 1> text{};
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = i < M::name.size() ? M::name[i] : suffix[i - M::name.size()];
  return text;
}
template <class M> constexpr auto labelled_name = name_with<M>("_lbl");
template <class M> constexpr auto compact_name = name_with<M>("_hpc");

template <class M> constexpr synapse_variants variants_of() {
  if constexpr (requires { M::variants; })
    return M::variants;
  else
    return {};
}

template <class M> const char* check_synapse(const double* params, const double* traces, double weight) {
  using P = typename M::template params<double>;
  using T = typename M::template traces<double>;
  return M::check(from_values<P>(params), from_values<T>(traces), weight);
}

template <class M> using params_of = typename M::template params<double>;
template <class M> using traces_of = typename M::template traces<double>;

template <class M> void put_traces(const traces_of<M>& from, double* traces) {
  const auto values = values_of(from);
  for (std::size_t i = 0; i < values.size(); ++i) traces[i] = values[i];
}

template <class M> void after_pre(const double* params, double* traces, double since_last_ms) {
  const auto p = from_values<params_of<M>>(params);
  put_traces<M>(M::after_pre(p, M::decayed(p, from_values<traces_of<M>>(traces), since_last_ms)), traces);
}

template <class M> double on_post(const double* params, const double* traces, double since_pre_ms, double weight) {
  const auto p = from_values<params_of<M>>(params);
  return M::on_post(p, M::decayed(p, from_values<traces_of<M>>(traces), since_pre_ms), weight);
}
template <class M>
transmission<double> on_pre(const double* params, const double* traces, double weight, double K_minus) {
  const auto after = [&](auto... trace_of_target) {
    return M::on_pre(from_values<params_of<M>>(params), from_values<traces_of<M>>(traces), weight, trace_of_target...);
  };
  const auto result = [&] {
    if constexpr (reads_K_minus<M>)
      return after(K_minus);
    else
      return after();
  }();
  if constexpr (sends_apart<M>)
    return result;
  else
    return {result, result};
}

/// Right before a spike of the source.
template <class M>
traces_of<M> traces_at_spike(const params_of<M>& p, const traces_of<M>& k, double since_last_ms, bool first) {
  if constexpr (waits_for_first_spike<M>)
    if (first) return k;
  if constexpr (requires { M::decayed(p, k, since_last_ms); })
    return M::decayed(p, k, since_last_ms);
  else
    return k;
}
template <class M> traces_of<M> traces_after_spike(const params_of<M>& p, const traces_of<M>& k) {
  if constexpr (requires { M::after_pre(p, k); })
    return M::after_pre(p, k);
  else
    return k;
}

template <class M> double release(const double* params, double* traces, double since_last_ms, bool first) {
  const auto p = from_values<params_of<M>>(params);
  const auto k = traces_at_spike<M>(p, from_values<traces_of<M>>(traces), since_last_ms, first);
  put_traces<M>(traces_after_spike<M>(p, k), traces);
  return M::release(p, k);
}

template <class M>
void at_spike(const double* params, double* traces, double since_last_ms, bool first, double* chances) {
  const auto p = from_values<params_of<M>>(params);
  const auto k = traces_at_spike<M>(p, from_values<traces_of<M>>(traces), since_last_ms, first);
  const auto shared = values_of(M::at_spike(p, k, waits_for_first_spike<M> && first ? 0 : since_last_ms));
  for (std::size_t i = 0; i < shared.size(); ++i) chances[i] = shared[i];
  put_traces<M>(traces_after_spike<M>(p, k), traces);
}

}  // namespace detail

template <class M> synapse_model describe_synapse(std::uint32_t loop) {
  synapse_model m{.name = M::name,
                  .meaning = M::meaning,
                  .fields = M::fields,
                  .n_params = columns_of<typename M::template params<double>>,
                  .n_traces = columns_of<typename M::template traces<double>>,
                  .n_variables = columns_of<connection_of<M>>,
                  .defaults = detail::defaults_of_synapse<M>,
                  .plastic = plastic<M>,
                  .reads_targets = reads_targets<M>,
                  .sends_apart = sends_apart<M>,
                  .loop = loop,
                  .common_parameters = M::common_parameters,
                  .common_weight = M::common_weight,
                  .check = detail::check_synapse<M>};
  if constexpr (requires { M::lead; }) m.lead = column_of(M::lead);
  if constexpr (requires { M::default_weight; }) m.default_weight = M::default_weight;
  if constexpr (plastic<M>) {
    m.after_pre = detail::after_pre<M>;
    m.on_pre = detail::on_pre<M>;
    if constexpr (reads_posts<M>) m.on_post = detail::on_post<M>;
  }
  if constexpr (releases<M>) m.release = detail::release<M>;
  if constexpr (walks<M>) {
    m.at_spike = detail::at_spike<M>;
    m.walk = walk<M>;
    m.n_chances = columns_of<typename M::chances>;
    m.n_draws = M::draws;
  }
  return m;
}

template <class M> std::vector<synapse_model> describe_synapse_names(std::uint32_t loop) {
  constexpr synapse_variants has = detail::variants_of<M>();
  const synapse_model base = describe_synapse<M>(loop);
  std::vector<synapse_model> names{base};
  if constexpr (has.compact) {
    names.push_back(base);
    names.back().name = {detail::compact_name<M>.data(), detail::compact_name<M>.size()};
    names.back().compact = true;
  }
  if constexpr (has.labelled) {
    names.push_back(base);
    auto& m = names.back();
    m.name = {detail::labelled_name<M>.data(), detail::labelled_name<M>.size()};
    m.labelled = true;
    m.fields = detail::fields_with_label<M>;
    m.defaults = detail::defaults_with_label<M>;
    ++m.n_params;
  }
  return names;
}

}  // namespace volley::models
