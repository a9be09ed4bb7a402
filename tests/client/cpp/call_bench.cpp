// What a call costs: prints the round trip of a small request, and the time until ten million recorded events are
// columns of the client. With VOLLEY_ADDRESS, through that server.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "client/cpp/session.hpp"

using namespace volley::client;

namespace {

template <class Call> double seconds_of(Call call) {
  const auto began = std::chrono::steady_clock::now();
  call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

void print_round_trip(Session& nest) {
  std::vector<double> taken;
  for (int i = 0; i < 10'000; ++i) taken.push_back(seconds_of([&] { nest.GetKernelStatus("biological_time"); }));
  std::ranges::sort(taken);
  std::printf("round trip: median %.1f us, 99 %% under %.1f us\n", 1e6 * taken[taken.size() / 2],
              1e6 * taken[taken.size() * 99 / 100]);
}

void print_transfer(Session& nest) {
  const auto noise = nest.Create("poisson_generator", 1, Dictionary{{"rate", 10'000.0}});
  const auto relays = nest.Create("parrot_neuron", 1'000);
  const auto recorder = nest.Create("spike_recorder");
  nest.Connect(noise, relays);
  nest.Connect(relays, recorder);
  nest.Simulate(1'002);
  Value events;
  const double taken = seconds_of([&] { events = recorder.get("events"); });
  std::printf("%zu events as columns: %.3f s\n", events.as<Dictionary>().at("times").length(), taken);
}

}  // namespace

int main() {
  Session nest;
  print_round_trip(nest);
  print_transfer(nest);
}
