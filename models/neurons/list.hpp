// All neuron models: adding one is an include and a name here, its file, and its test. The order is that of the step loops,
// nothing else depends on it.
#pragma once
#include "models/neurons/hh_psc_alpha.hpp"
#include "models/neurons/iaf_cond_exp.hpp"
#include "models/neurons/iaf_psc_alpha.hpp"
#include "models/neurons/iaf_psc_delta.hpp"
#include "models/neurons/iaf_psc_exp.hpp"
#include "models/neurons/parrot_neuron.hpp"

namespace volley::neurons {

template <class... Models> struct model_list {};

using all = model_list<hh_psc_alpha, iaf_cond_exp, iaf_psc_alpha, iaf_psc_delta, iaf_psc_exp, parrot_neuron>;

}  // namespace volley::neurons
