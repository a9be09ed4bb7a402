// Times among the kernel's attributes, on another grid than they were set on.
#include "runtime/kernel/kernel_settings.hpp"

#include <gtest/gtest.h>

#include "tests/runtime/solo_kernel.hpp"

namespace volley::runtime {
namespace {

double number(solo_kernel& k, const std::string& key) { return *k.status(key).get_if<double>(); }

/// What a call is refused with; empty when it is accepted.
template <class Call> std::string refusal(error_kind kind, Call call) {
  try {
    call();
  } catch (const api_error& e) {
    EXPECT_STREQ(to_string(e.kind()), to_string(kind)) << e.what();
    return e.what();
  }
  return "";
}

TEST(kernel_settings, delay_extrema_survive_another_resolution) {
  struct trial {
    double resolution, low, high;
  };
  for (const auto& [resolution, low, high] :
       {trial{1.0, 2.0, 13.0}, {0.05, 2.1, 12.3}, {0.1, 2.1, 12.3}, {0.4, 2.0, 12.4}, {2.1, 2.1, 12.6}}) {
    solo_kernel k;
    k.set_status({{"min_delay", 2.1}, {"max_delay", 12.3}});
    k.set_status({{"resolution", resolution}});
    EXPECT_DOUBLE_EQ(number(k, "min_delay"), low) << resolution;
    EXPECT_DOUBLE_EQ(number(k, "max_delay"), high) << resolution;
    const auto n = k.create("parrot_neuron", 2);
    EXPECT_FALSE(refusal(error_kind::BadDelay, [&] {
                   k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", 14.0}});
                 }).empty());
    EXPECT_FALSE(refusal(error_kind::BadDelay, [&] {
                   k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", 0.9}});
                 }).empty());
    k.connect(n, n, {{"rule", "all_to_all"}}, {{"delay", 4.2}});
  }
}

TEST(kernel_settings, delay_extrema_of_the_same_call_are_those_of_the_new_grid) {
  solo_kernel k;
  k.set_status({{"min_delay", 2.1}, {"max_delay", 12.3}});
  k.set_status({{"resolution", 5.0}, {"min_delay", 6.0}, {"max_delay", 11.0}});
  EXPECT_DOUBLE_EQ(number(k, "min_delay"), 5.0);
  EXPECT_DOUBLE_EQ(number(k, "max_delay"), 15.0);
}

TEST(kernel_settings, a_resolution_that_delay_extrema_do_not_allow_is_refused_and_changes_nothing) {
  solo_kernel k;
  k.set_status({{"min_delay", 2.1}, {"max_delay", 12.3}});
  for (const double resolution : {3.0, 0.001}) {
    if (resolution < 0.1) k.set_status({{"min_delay", 2.1}, {"max_delay", 3000.0}});
    const double high = number(k, "max_delay");
    const auto text = refusal(error_kind::BadDelay, [&] { k.set_status({{"resolution", resolution}}); });
    EXPECT_NE(text.find(resolution > 1 ? "min_delay = 2.1 ms" : "max_delay = 3000"), std::string::npos) << text;
    EXPECT_EQ(number(k, "resolution"), 0.1);
    EXPECT_DOUBLE_EQ(number(k, "min_delay"), 2.1);
    EXPECT_EQ(number(k, "max_delay"), high);
  }
}

TEST(kernel_settings, the_interval_of_waveform_relaxation_is_a_resolution_at_least) {
  solo_kernel k;
  k.set_status({{"resolution", 0.5}});
  EXPECT_EQ(number(k, "wfr_comm_interval"), 1.0);
  k.set_status({{"resolution", 4.0}});
  EXPECT_EQ(number(k, "wfr_comm_interval"), 4.0);
  k.set_status({{"use_wfr", false}});
  k.set_status({{"resolution", 0.25}});
  EXPECT_EQ(number(k, "wfr_comm_interval"), 0.25);
}

TEST(kernel_settings, a_refused_delay_range_says_what_keeps_it) {
  const auto set = [](solo_kernel& k) {
    return refusal(error_kind::BadProperty, [&] { k.set_status({{"min_delay", 1.0}, {"max_delay", 2.0}}); });
  };
  solo_kernel simulated;
  simulated.simulate(1.0);
  EXPECT_NE(set(simulated).find("the network was simulated"), std::string::npos) << set(simulated);
  solo_kernel connected;
  const auto n = connected.create("parrot_neuron", 2);
  connected.connect(n, n);
  EXPECT_NE(set(connected).find("connections exist"), std::string::npos) << set(connected);
  solo_kernel empty;
  const auto m = empty.create("parrot_neuron", 2);
  empty.connect(m, m, {{"rule", "pairwise_bernoulli"}, {"p", 0.0}});
  EXPECT_EQ(set(empty), "");
  EXPECT_EQ(number(empty, "min_delay"), 1.0);
}

/// Attributes of three ranks.
struct settings_of_ranks : testing::Test {
  settings_of_ranks() {
    k.num_processes = 3;
    k.total_num_virtual_procs = 3;
  }
  kernel_settings set(dictionary changes) {
    unknown_keys unknown(true);
    std::vector<std::string> log;
    return updated(k, changes, {}, unknown, log);
  }
  kernel_settings k;
};

TEST_F(settings_of_ranks, virtual_processes_are_counted_on_a_rank_or_on_all) {
  EXPECT_EQ(set({{"local_num_threads", 4}}).total_num_virtual_procs, 12);
  EXPECT_EQ(set({{"total_num_virtual_procs", 6}}).local_num_threads(), 2);
  EXPECT_EQ(*values_of(set({{"local_num_threads", 4}})).find("local_num_threads"), value(4));
  EXPECT_EQ(k.after_reset(3).num_processes, 3);
}

TEST_F(settings_of_ranks, each_rank_has_as_many) {
  EXPECT_NE(refusal(error_kind::BadProperty,
                    [&] {
                      set({{"total_num_virtual_procs", 4}});
                    })
                .find("multiple of 3"),
            std::string::npos);
  EXPECT_NE(refusal(error_kind::BadProperty,
                    [&] {
                      set({{"local_num_threads", 2000}});
                    })
                .find("more than 4096"),
            std::string::npos);
}

TEST_F(settings_of_ranks, structural_plasticity_counts_the_threads_of_a_rank) {
  EXPECT_NO_THROW(set({{"structural_plasticity", true}}));
  EXPECT_THROW(set({{"structural_plasticity", true}, {"local_num_threads", 2}}), api_error);
}

}  // namespace
}  // namespace volley::runtime
