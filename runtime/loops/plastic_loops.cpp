// The loops of synapse model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
// clang-format off
#include VOLLEY_MODEL_FILE(models/synapses)
// clang-format on
#include "runtime/loops/plastic_loop.hpp"

namespace volley::runtime {

#define VOLLEY_LOOP(set) template plastic_loop plastic_loop_of<synapses::VOLLEY_MODEL, models::isa::set>();
VOLLEY_FOR_EACH_SET(VOLLEY_LOOP)

}  // namespace volley::runtime
