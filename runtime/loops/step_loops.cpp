// The loops of neuron model VOLLEY_MODEL.
#include "models/core/model_file.hpp"
// clang-format off
#include VOLLEY_MODEL_FILE(models/neurons)
// clang-format on
#include "runtime/loops/step_loop.hpp"

namespace volley::runtime {

#define VOLLEY_LOOP(set) \
  template void run_steps<neurons::VOLLEY_MODEL, models::lanes<models::isa::set>>(const step_call&);
VOLLEY_FOR_EACH_SET(VOLLEY_LOOP)

}  // namespace volley::runtime
