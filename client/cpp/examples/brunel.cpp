// The balanced random network of Brunel (2000) in C++: excitation and inhibition of 1,250 neurons, driven by noise.
#include <cstdio>
#include <exception>

#include "client/cpp/session.hpp"

using namespace volley::client;

int main() try {
  Session nest;  // a kernel inside this process, or the server that VOLLEY_ADDRESS names
  const int order = 250, sources_per_neuron = 100;
  const double tau_m = 20, V_th = 20, J = 0.5, g = 5, eta = 2, delay = 1.5;
  const double threshold_rate_hz = 1000 * V_th / (J * sources_per_neuron * tau_m);
  const Dictionary neuron{{"C_m", 1.0},     {"tau_m", tau_m}, {"t_ref", 2.0}, {"E_L", 0.0},
                          {"V_reset", 0.0}, {"V_m", 0.0},     {"V_th", V_th}};

  const auto excitatory = nest.Create("iaf_psc_delta", 4 * order, neuron);
  const auto inhibitory = nest.Create("iaf_psc_delta", order, neuron);
  const auto noise =
      nest.Create("poisson_generator", 1, Dictionary{{"rate", eta * threshold_rate_hz * sources_per_neuron}});
  const auto recorder = nest.Create("spike_recorder");

  const auto inputs = [](int count) { return Dictionary{{"rule", "fixed_indegree"}, {"indegree", count}}; };
  const auto synapse = [&](double weight) { return Dictionary{{"weight", weight}, {"delay", delay}}; };
  const auto all = excitatory + inhibitory;
  nest.Connect(noise, all, "all_to_all", synapse(J));
  nest.Connect(excitatory, all, inputs(sources_per_neuron), synapse(J));
  nest.Connect(inhibitory, all, inputs(sources_per_neuron / 4), synapse(-g * J));
  nest.Connect(excitatory, recorder);

  nest.listen({.on_progress = [](const progress& now) { std::printf("%.0f of %.0f ms\n", now.now_ms, now.end_ms); },
               .on_log = {},
               .interrupted = {}});
  const double duration_ms = 1000;
  nest.Simulate(duration_ms);
  const double spikes = recorder.get("n_events").as<double>();
  std::printf("%.1f spikes per second and excitatory neuron\n",
              1000 * spikes / duration_ms / double(excitatory.size()));
} catch (const std::exception& fault) {
  std::fprintf(stderr, "%s\n", fault.what());
  return 1;
}
