// The descriptions of synapse model VOLLEY_MODEL and its variants.
#include "models/core/model_file.hpp"
// clang-format off
#include VOLLEY_MODEL_FILE(models/synapses)
// clang-format on
#include "models/core/describe_synapse.hpp"

namespace volley::models {

template std::vector<synapse_model> describe_synapse_names<synapses::VOLLEY_MODEL>(std::uint32_t loop);

}  // namespace volley::models
