#include "runtime/kernel/devices.hpp"

#include <gtest/gtest.h>

#include "runtime/base/error.hpp"
#include "runtime/devices/built_in_devices.hpp"
#include "tests/runtime/kernel/small_network.hpp"

namespace volley::runtime::tests {
namespace {

struct devices_of_a_network : testing::Test, small_network {
  device_entry& device(std::uint64_t id) { return *find_device(net, id); }
};

TEST_F(devices_of_a_network, are_found_by_their_ids) {
  for (std::uint64_t id = 1; id <= 4; ++id) EXPECT_EQ(find_device(net, id), nullptr) << "a neuron";
  for (std::uint64_t id = 5; id <= 8; ++id) EXPECT_EQ(device(id).id, id);
  EXPECT_THROW(find_device(net, 9), api_error);
}

TEST_F(devices_of_a_network, are_set_as_they_are_now) {
  net.now = 30;
  net.state = run_state::prepared;
  net.has_run = true;
  device(5).connected = device(5).frozen = true;
  const auto of_node = context(net, &device(5)), of_model = context(net, nullptr);
  EXPECT_EQ(of_node.now, 30);
  EXPECT_TRUE(of_node.prepared && of_node.simulated && of_node.connected && of_node.frozen && of_node.exists);
  EXPECT_FALSE(of_node.is_model);
  EXPECT_EQ(of_node.n_nodes, 8u);
  EXPECT_TRUE(of_model.is_model);
  EXPECT_FALSE(of_model.connected || of_model.exists);
  device_entry in_the_making = device(5);
  in_the_making.id = 9;
  EXPECT_FALSE(context(net, &in_the_making).exists);
}

TEST_F(devices_of_a_network, go_to_the_shards_with_their_names_and_whether_they_are_frozen) {
  device(7).frozen = true;
  EXPECT_EQ(recorder_of(net, device(7)).id, 7u);
  EXPECT_TRUE(recorder_of(net, device(7)).frozen);
  EXPECT_EQ(recorder_of(net, device(8)).kind, recorder_kind::samples);
  device(6).params.of<devices::dc_generator>().amplitude = 3;
  EXPECT_EQ(stimulator_of(net, device(6)).id(), 6u);
  EXPECT_TRUE(stimulator_of(net, device(6)).current_is_active(5));
  EXPECT_EQ(stimulator_of(net, device(6)).current(5), 3);
  device(6).frozen = true;
  EXPECT_FALSE(stimulator_of(net, device(6)).current_is_active(5));
}

TEST_F(devices_of_a_network, have_one_report_whatever_the_vps) {
  net.settings.total_num_virtual_procs = 12;
  auto& p = device(7).params.of<devices::spike_recorder>();
  p.record_to = "sonata";
  device(7).nodes_when_enrolled = 100;
  EXPECT_EQ(file_names(net, device(7)), std::vector<std::string>{"folder/mine_spike_recorder-007.h5"});
  p.label = "spikes";
  EXPECT_EQ(file_names(net, device(7)), std::vector<std::string>{"folder/mine_spikes-007.h5"});
  p.file_name = "all.h5";
  EXPECT_EQ(file_names(net, device(7)), std::vector<std::string>{"folder/all.h5"});
  p.file_name = "/elsewhere/all.h5";
  EXPECT_EQ(file_names(net, device(7)), std::vector<std::string>{"/elsewhere/all.h5"});
}

TEST_F(devices_of_a_network, have_a_file_on_each_vp) {
  net.settings.total_num_virtual_procs = 12;
  auto& p = device(7).params.of<devices::spike_recorder>();
  p.record_to = "ascii";
  device(7).nodes_when_enrolled = 100;
  auto names = file_names(net, device(7));
  ASSERT_EQ(names.size(), 12u);
  EXPECT_EQ(names[3], "folder/mine_spike_recorder-007-03.dat");
  EXPECT_EQ(names[11], "folder/mine_spike_recorder-007-11.dat");
  p.label = "spikes";
  p.file_extension = "txt";
  net.settings.data_path.clear();
  EXPECT_EQ(file_names(net, device(7))[0], "mine_spikes-007-00.txt");
}

}  // namespace
}  // namespace volley::runtime::tests
