// Networks whose detectors a test reads, on 1, 2, 3 and 7 VPs.
#pragma once
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime::tests {

using reals = std::vector<double>;
using integers = std::vector<std::int64_t>;

class detecting : public testing::TestWithParam<int> {
 protected:
  explicit detecting(const char* model) : model_(model) {}

  node_set create(dictionary values = {}) { return k.create(model_, 1, std::move(values)); }
  /// Spikes at these times.
  node_set train(reals times, integers multiplicities = {}) {
    dictionary d{{"spike_times", std::move(times)}};
    if (!multiplicities.empty()) d["spike_multiplicities"] = std::move(multiplicities);
    return k.create("spike_generator", 1, std::move(d));
  }
  /// A parrot that repeats spikes, with these stamps.
  node_set parrot(reals times, const integers& multiplicities = {}) {
    for (double& ms : times) ms -= 1;
    const auto p = k.create("parrot_neuron");
    k.connect(train(std::move(times), multiplicities), p);
    return p;
  }
  void connect(const node_set& from, const node_set& to, std::int64_t receptor, double weight = 1) {
    k.connect(from, to, all, {{"receptor_type", receptor}, {"weight", weight}});
  }
  value result(const node_set& d, const char* key) { return (*k.get(d, key).get_if<std::vector<value>>())[0]; }
  reals numbers(const node_set& d, const char* key) { return *result(d, key).get_if<reals>(); }
  integers counts(const node_set& d, const char* key) { return *result(d, key).get_if<integers>(); }
  /// By channel, channel and bin.
  reals numbers(const node_set& d, const char* key, std::size_t i, std::size_t j) {
    const auto m = *(*result(d, key).get_if<std::vector<value>>())[i].get_if<matrix>();
    const auto first = m.data.begin() + static_cast<std::ptrdiff_t>(j * m.columns);
    return {first, first + static_cast<std::ptrdiff_t>(m.columns)};
  }
  /// Where a histogram is not 0, by bin.
  static std::vector<std::pair<std::size_t, double>> filled(const reals& histogram) {
    std::vector<std::pair<std::size_t, double>> bins;
    for (std::size_t i = 0; i < histogram.size(); ++i)
      if (histogram[i] != 0) bins.emplace_back(i, histogram[i]);
    return bins;
  }
  template <class Call> static void expect_refused(error_kind kind, const std::string& text, Call&& call) {
    try {
      call();
      ADD_FAILURE() << "accepted";
    } catch (const api_error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      EXPECT_NE(std::string(e.what()).find(text), std::string::npos) << e.what();
    }
  }

  solo_kernel k{GetParam()};
  const dictionary all{{"rule", "all_to_all"}};

 private:
  const char* model_;
};

}  // namespace volley::runtime::tests
