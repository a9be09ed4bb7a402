// What generators send, as it is heard: by parrots, which repeat it, and by a recorder at the generator itself.
#pragma once
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime::tests {

using reals = std::vector<double>;

/// One generator onto some parrots, with recorders.
struct heard_trains {
  solo_kernel k;
  node_set generator, parrots, recorder, direct;

  heard_trains(int vps, const std::string& model, const dictionary& parameters, std::int64_t n, double delay_ms = 1)
      : k(vps) {
    generator = k.create(model, 1, parameters);
    parrots = k.create("parrot_neuron", n);
    recorder = k.create("spike_recorder");
    direct = k.create("spike_recorder");
    k.connect(generator, parrots, {{"rule", "all_to_all"}}, {{"delay", delay_ms}});
    k.connect(parrots, recorder);
    k.connect(generator, direct);
  }

  /// Times by sender, of all parrots; a spike of a multiplicity comes as often.
  std::vector<reals> trains() {
    std::map<std::int64_t, reals> by_sender;
    const auto times = k.times(recorder);
    const auto senders = k.senders(recorder);
    for (std::size_t i = 0; i < times.size(); ++i) by_sender[senders[i]].push_back(times[i]);
    std::vector<reals> all;
    for (const auto& r : parrots.ranges)
      for (auto id = r.first; id <= r.last; ++id) {
        all.push_back(by_sender[static_cast<std::int64_t>(id)]);
        std::ranges::sort(all.back());
      }
    return all;
  }
};

inline std::size_t count_of(const std::vector<reals>& trains) {
  std::size_t n = 0;
  for (const auto& train : trains) n += train.size();
  return n;
}

/// Times between neighbours of a train, of all trains. 0 within a step.
inline reals intervals_of(const std::vector<reals>& trains) {
  reals all;
  for (const auto& train : trains)
    for (std::size_t i = 1; i < train.size(); ++i) all.push_back(train[i] - train[i - 1]);
  return all;
}

inline double mean_of(const reals& x) {
  double sum = 0;
  for (const double y : x) sum += y;
  return sum / static_cast<double>(x.size());
}

/// Standard deviation over mean.
inline double cv_of(const reals& x) {
  const double mean = mean_of(x);
  double squares = 0;
  for (const double y : x) squares += (y - mean) * (y - mean);
  return std::sqrt(squares / static_cast<double>(x.size())) / mean;
}

/// What a call is refused with; empty where it is not.
template <class Call> std::string refusal_of(Call&& call) {
  try {
    call();
    return {};
  } catch (const api_error& e) {
    return e.what();
  }
}

}  // namespace volley::runtime::tests
