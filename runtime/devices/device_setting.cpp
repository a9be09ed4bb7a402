#include "runtime/devices/device_setting.hpp"

#include <cmath>

#include "runtime/values/refusal_kind.hpp"

namespace volley::runtime {

std::exception_ptr device_setting::error(const std::string& why, models::refusal kind) const {
  return std::make_exception_ptr(api_error(kind_of(kind), std::string(what_) + ": " + why));
}

void device_setting::fail(error_kind kind, std::string_view key, const value& v, const std::string& rule) const {
  throw api_error(kind, std::string(what_) + ": " + std::string(key) + " = " + to_text(v) + " " + rule);
}

void assign(const device_setting& s, std::string_view key, const value& v, double& to) {
  const auto x = number_of(v);
  if (!x) s.mismatch(key, v, "a number");
  if (std::isnan(*x)) s.fail(error_kind::BadProperty, key, v, "must be a number");
  to = *x;
}
void assign(const device_setting& s, std::string_view key, const value& v, std::int64_t& to) {
  const auto* x = v.get_if<std::int64_t>();
  if (x == nullptr) s.mismatch(key, v, "an integer");
  to = *x;
}
void assign(const device_setting& s, std::string_view key, const value& v, bool& to) {
  const auto* x = v.get_if<bool>();
  if (x == nullptr) s.mismatch(key, v, "a bool");
  to = *x;
}
void assign(const device_setting& s, std::string_view key, const value& v, std::string& to) {
  const auto* x = v.get_if<std::string>();
  if (x == nullptr) s.mismatch(key, v, "a string");
  to = *x;
}
void assign(const device_setting& s, std::string_view key, const value& v, std::vector<double>& to) {
  if (v.is<empty_vector>()) {
    to.clear();
  } else if (const auto* x = v.get_if<std::vector<double>>()) {
    to = *x;
  } else if (const auto* n = v.get_if<std::vector<std::int64_t>>()) {
    to.assign(n->begin(), n->end());
  } else if (const auto* b = v.get_if<booleans>()) {
    to.assign(b->data.begin(), b->data.end());
  } else {
    s.mismatch(key, v, "a list of numbers");
  }
  for (const double x : to)
    if (!std::isfinite(x)) s.fail(error_kind::BadProperty, key, v, "must be finite");
}
void assign(const device_setting& s, std::string_view key, const value& v, std::vector<std::int64_t>& to) {
  if (v.is<empty_vector>())
    to.clear();
  else if (const auto* x = v.get_if<std::vector<std::int64_t>>())
    to = *x;
  else if (const auto* b = v.get_if<booleans>())
    to.assign(b->data.begin(), b->data.end());
  else
    s.mismatch(key, v, "a list of integers");
}
void assign(const device_setting& s, std::string_view key, const value& v, std::vector<std::string>& to) {
  if (v.is<empty_vector>())
    to.clear();
  else if (const auto* x = v.get_if<std::vector<std::string>>())
    to = *x;
  else
    s.mismatch(key, v, "a list of strings");
}

void assign(const device_setting& s, std::string_view key, const value& v, models::node_list& to) {
  std::vector<std::int64_t> ids;
  if (const auto* nodes = v.get_if<node_set>()) {
    if (nodes->generation != 0 && nodes->generation != s.context().generation)
      s.fail(error_kind::KernelException, key, v,
             "is an InvalidNodeCollection: the nodes belong to a network before ResetKernel or Load");
    for (const auto& r : nodes->ranges)
      for (auto id = r.first; id <= r.last; id += r.step) ids.push_back(static_cast<std::int64_t>(id));
  } else if (const auto* list = v.get_if<std::vector<std::int64_t>>()) {
    ids = *list;
  } else if (!v.is<empty_vector>()) {
    s.mismatch(key, v, "a NodeCollection or a list of node ids");
  }
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 1 || static_cast<std::uint64_t>(ids[i]) > s.context().n_nodes)
      s.fail(error_kind::UnknownNode, key, v,
             "is impossible: Node with id " + std::to_string(ids[i]) + " does not exist.");
    if (i > 0 && ids[i] <= ids[i - 1])
      s.fail(error_kind::BadProperty, key, v, "must name nodes in ascending order, each once");
  }
  to.ids.assign(ids.begin(), ids.end());
}

}  // namespace volley::runtime
