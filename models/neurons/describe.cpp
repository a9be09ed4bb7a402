// The description of neuron model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
#include VOLLEY_MODEL_FILE(models/neurons)
#include "models/core/describe_neuron.hpp"

namespace volley::models {

template neuron_model describe_neuron<neurons::VOLLEY_MODEL>(std::uint32_t kernel);

}  // namespace volley::models
