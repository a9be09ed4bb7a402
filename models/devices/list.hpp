// All device models: adding one is an include and a name here, its file, and its test. The order is that of the models'
// ids, nothing else depends on it.
#pragma once
#include "models/devices/ac_generator.hpp"
#include "models/devices/correlation_detector.hpp"
#include "models/devices/correlomatrix_detector.hpp"
#include "models/devices/correlospinmatrix_detector.hpp"
#include "models/devices/dc_generator.hpp"
#include "models/devices/gamma_sup_generator.hpp"
#include "models/devices/inhomogeneous_poisson_generator.hpp"
#include "models/devices/mip_generator.hpp"
#include "models/devices/noise_generator.hpp"
#include "models/devices/poisson_generator.hpp"
#include "models/devices/poisson_generator_ps.hpp"
#include "models/devices/ppd_sup_generator.hpp"
#include "models/devices/pulsepacket_generator.hpp"
#include "models/devices/recorders.hpp"
#include "models/devices/sinusoidal_gamma_generator.hpp"
#include "models/devices/sinusoidal_poisson_generator.hpp"
#include "models/devices/spike_dilutor.hpp"
#include "models/devices/spike_train.hpp"
#include "models/devices/step_current_generator.hpp"

namespace volley::devices {

template <class... Devices> struct device_list {};

using all =
    device_list<poisson_generator, dc_generator, step_current_generator, noise_generator, spike_generator,
                spike_train_injector, spike_recorder, multimeter, voltmeter, weight_recorder, ac_generator,
                sinusoidal_poisson_generator, spin_detector, correlation_detector, correlomatrix_detector,
                correlospinmatrix_detector, inhomogeneous_poisson_generator, gamma_sup_generator, ppd_sup_generator,
                sinusoidal_gamma_generator, mip_generator, pulsepacket_generator, poisson_generator_ps, spike_dilutor>;

}  // namespace volley::devices
