// The description of neuron model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
// clang-format off
#include VOLLEY_MODEL_FILE(models/neurons)
// clang-format on
#include "models/core/describe_neuron.hpp"

namespace volley::models {

template neuron_model describe_neuron<neurons::VOLLEY_MODEL>(std::uint32_t loop);

}  // namespace volley::models
