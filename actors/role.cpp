#include "actors/role.hpp"

#include <variant>

namespace volley::actors {

namespace {

namespace api = runtime::api;

// One overload a kind of call that not everybody may make, or that anybody may.
struct least_role_of {
  role operator()(const api::get_connections&) const { return role::observe; }
  role operator()(const api::get_connection_values&) const { return role::observe; }
  role operator()(const api::describe_nodes&) const { return role::observe; }
  role operator()(const api::get_node_values&) const { return role::observe; }
  role operator()(const api::match_nodes&) const { return role::observe; }
  role operator()(const api::get_defaults&) const { return role::observe; }
  role operator()(const api::get_kernel_status&) const { return role::observe; }
  role operator()(const api::describe_space&) const { return role::observe; }
  role operator()(const api::get_positions&) const { return role::observe; }
  role operator()(const api::displace&) const { return role::observe; }
  role operator()(const api::find_nearest&) const { return role::observe; }
  role operator()(const api::select_by_mask&) const { return role::observe; }
  role operator()(const api::test_mask&) const { return role::observe; }
  role operator()(const api::list_kernels&) const { return role::observe; }
  role operator()(const api::cancel&) const { return role::observe; }  // of a job of its own
  role operator()(const api::set_kernel_status& call) const {
    const bool takes_more = call.values.contains("overwrite_files") || call.values.contains("modules");
    return takes_more ? role::admin : role::simulate;
  }
  role operator()(const api::drain&) const { return role::admin; }
  template <class Call> role operator()(const Call&) const { return role::simulate; }
};

}  // namespace

const char* to_string(role who) {
  switch (who) {
    case role::observe: return "observe";
    case role::simulate: return "simulate";
    case role::admin: return "admin";
  }
  return "?";
}

bool is_change(const runtime::api::request& call) {
  return least_role(call) != role::observe && !std::holds_alternative<api::describe_saved>(call);
}

role least_role(const runtime::api::request& call) { return std::visit(least_role_of{}, call); }

}  // namespace volley::actors
