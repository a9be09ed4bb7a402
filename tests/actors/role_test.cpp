#include "actors/role.hpp"

#include <gtest/gtest.h>

namespace volley::actors {
namespace {

namespace api = runtime::api;

TEST(roles, reading_takes_the_least) {
  for (const api::request& call :
       {api::request(api::get_kernel_status{}), api::request(api::get_node_values{}),
        api::request(api::get_connections{}), api::request(api::get_connection_values{}),
        api::request(api::describe_nodes{}), api::request(api::match_nodes{}), api::request(api::get_defaults{}),
        api::request(api::cancel{}), api::request(api::describe_space{}), api::request(api::get_positions{}),
        api::request(api::displace{}), api::request(api::find_nearest{}), api::request(api::select_by_mask{}),
        api::request(api::test_mask{}), api::request(api::list_kernels{})})
    EXPECT_EQ(least_role(call), role::observe) << call.index();
}

TEST(roles, whatever_changes_the_kernel_takes_more) {
  for (const api::request& call :
       {api::request(api::create_nodes{}), api::request(api::connect{}), api::request(api::connect_arrays{}),
        api::request(api::disconnect{}), api::request(api::disconnect_connections{}),
        api::request(api::set_node_values{}), api::request(api::set_connection_values{}),
        api::request(api::set_defaults{}), api::request(api::copy_model{}), api::request(api::set_kernel_status{}),
        api::request(api::reset_kernel{}), api::request(api::prepare{}), api::request(api::run{}),
        api::request(api::cleanup{}), api::request(api::simulate{}), api::request(api::evaluate{}),
        api::request(api::tripartite_connect{}), api::request(api::drop_kernel{})})
    EXPECT_EQ(least_role(call), role::simulate) << call.index();
}

TEST(roles, replacing_files_takes_all) {
  EXPECT_EQ(least_role(api::set_kernel_status{{{"resolution", 0.1}, {"overwrite_files", true}}}), role::admin);
  EXPECT_EQ(least_role(api::drain{2}), role::admin);
}

}  // namespace
}  // namespace volley::actors
