#include "models/catalog.hpp"

#include <algorithm>

#include "models/neurons/list.hpp"

namespace volley::models {

namespace {

template <class... Models> std::vector<neuron_model> describe_all(neurons::model_list<Models...>) {
  std::uint32_t kernel = 0;
  return {describe_neuron<Models>(kernel++)...};  // braces: evaluated from left to right
}

}  // namespace

std::vector<neuron_model> built_in_neurons() {
  auto models = describe_all(neurons::all{});
  std::ranges::sort(models, {}, &neuron_model::name);
  return models;
}

}  // namespace volley::models
