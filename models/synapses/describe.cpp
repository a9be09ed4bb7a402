// The description of synapse model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
#include VOLLEY_MODEL_FILE(models/synapses)
#include "models/core/describe_synapse.hpp"

namespace volley::models {

template synapse_model describe_synapse<synapses::VOLLEY_MODEL>(std::uint32_t kernel);

}  // namespace volley::models
