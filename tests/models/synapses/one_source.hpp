// One source of a model that releases or is walked through, spike after spike, by the description of the model.
#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "models/catalog.hpp"

namespace volley::synapses::tests {

class one_source {
 public:
  /// `given`: values that are not the defaults.
  explicit one_source(std::string_view name, const std::map<std::string_view, double>& given = {})
      : model(find(name)), values_(model.defaults.begin(), model.defaults.end()) {
    for (const auto& [key, x] : given) values_[member(key)] = x;
  }

  double& operator[](std::string_view key) { return values_[member(key)]; }

  /// The factor of the weight at a spike.
  double release(double at_ms) {
    const double factor = model.release(params(), traces(), at_ms - last_ms_, is_first_);
    note(at_ms);
    return factor;
  }

  /// What one connection sends at a spike; nothing: 0.
  double walk(double at_ms, double weight, std::vector<double> uniforms) {
    std::array<double, 8> chances{};
    model.at_spike(params(), traces(), at_ms - last_ms_, is_first_, chances.data());
    note(at_ms);
    EXPECT_EQ(uniforms.size(), model.n_draws);
    std::uint32_t sender = 7;
    double amount = 0;
    const auto sent = model.walk({chances.data(), 1, &weight, true, variables(), uniforms.data(), 1, &sender, &amount});
    if (sent == 0) return 0;
    EXPECT_EQ(sender, 0u);
    return amount;
  }

  const models::synapse_model& model;

 private:
  static const models::synapse_model& find(std::string_view name) {
    static const auto all = models::built_in_synapses();
    return *std::ranges::find(all, name, &models::synapse_model::name);
  }
  std::size_t member(std::string_view key) const {
    return models::member_of(model, *std::ranges::find(model.fields, key, &models::field::name));
  }
  double* params() { return values_.data(); }
  double* traces() { return params() + model.n_params; }
  double* variables() { return traces() + model.n_traces; }
  void note(double at_ms) {
    last_ms_ = at_ms;
    is_first_ = false;
  }

  std::vector<double> values_;
  double last_ms_ = 0;
  bool is_first_ = true;
};

}  // namespace volley::synapses::tests
