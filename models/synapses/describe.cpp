// The description of synapse model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
// clang-format off
#include VOLLEY_MODEL_FILE(models/synapses)
// clang-format on
#include "models/core/describe_synapse.hpp"

namespace volley::models {

template synapse_model describe_synapse<synapses::VOLLEY_MODEL>(std::uint32_t loop);

}  // namespace volley::models
