#include "runtime/devices/device_params.hpp"

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {
namespace {

/// What f says of the device with these parameters.
template <class F> auto ask(const device_params& d, F&& f) {
  return std::visit([&]<class D>(const parameters_of<D>&) { return f.template operator()<D>(); }, d.any());
}

bool records(const device_params& d, models::recorder_kind kind) {
  return ask(d, [=]<class D>() {
    if constexpr (is_recording<D>)
      return D::records == kind;
    else
      return false;
  });
}

template <class... D> std::vector<device_kind> kinds_of(devices::device_list<D...>) {
  return {device_kind{D::name, D::meaning, parameters_of<D>()}...};
}

}  // namespace

device_params::device_params() : any_(std::make_unique<variant>()) {}
device_params::device_params(const device_params& other) : any_(std::make_unique<variant>(*other.any_)) {}
device_params::device_params(device_params&&) noexcept = default;
device_params& device_params::operator=(const device_params& other) { return *this = device_params(other); }
device_params& device_params::operator=(device_params&&) noexcept = default;
device_params::~device_params() = default;

void device_params::snapshot(snapshot_writer& s) const { s(static_cast<const variant::base&>(*any_)); }
void device_params::snapshot(snapshot_reader& s) { s(static_cast<variant::base&>(*any_)); }

const std::vector<device_kind>& device_kinds() {
  static const auto kinds = kinds_of(devices::all());
  return kinds;
}

bool are_alike(const device_params& a, const device_params& b) { return a.any().index() == b.any().index(); }

models::device_output output_of(const device_params& d) {
  return ask(d, []<class D>() { return D::output; });
}
bool is_recorder(const device_params& d) {
  return ask(d, []<class D>() { return is_recording<D>; });
}
bool is_detector(const device_params& d) { return records(d, models::recorder_kind::results); }
bool records_spikes(const device_params& d) {
  return records(d, models::recorder_kind::spikes) || records(d, models::recorder_kind::states);
}
bool records_weights(const device_params& d) { return records(d, models::recorder_kind::weights); }

bool has_trains(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>& p) {
        if constexpr (steps_trains<D>)
          return !is_shared<D>(p);
        else
          return false;
      },
      d.any());
}

bool is_off_grid(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>& p) {
        if constexpr (requires { p.precise_times; })
          return p.precise_times;
        else
          return is_stimulating<D> && emits_times<D>;
      },
      d.any());
}

std::vector<std::string> recordables_of(const device_params& d) {
  return ask(d, []<class D>() -> std::vector<std::string> {
    if constexpr (requires { D::recordable; })
      return {std::string(D::recordable)};
    else
      return {};
  });
}

const models::recording& recording_of(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>& p) -> const models::recording& {
        if constexpr (logs_events<D>)
          return p;
        else
          throw broken_contract("only a recorder has events");
      },
      d.any());
}

std::int64_t receptors_of(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>& p) -> std::int64_t {
        if constexpr (is_detecting<D>)
          return D::receptors(p);
        else
          return 0;
      },
      d.any());
}

double numbers_of(const device_params& d) {
  return std::visit(
      []<class D>(const parameters_of<D>& p) -> double {
        if constexpr (is_detecting<D>)
          return D::numbers(p);
        else
          return 0;
      },
      d.any());
}

device_params on_grid(device_params d, const models::time_grid& time) {
  std::visit(
      [&]<class D>(parameters_of<D>& p) {
        if constexpr (requires { &D::follow_grid; }) D::follow_grid(p, time);
      },
      d.any());
  return d;
}

bool follows_clock(const device_params& d) {
  return ask(d, []<class D>() {
    return requires { &D::restart; };
  });
}

void restart(device_params& d, double now_ms) {
  std::visit(
      [&]<class D>(parameters_of<D>& p) {
        if constexpr (requires { &D::restart; }) D::restart(p, now_ms);
      },
      d.any());
}

void advance(device_params& d, double now_ms, double active_ms) {
  std::visit(
      [&]<class D>(parameters_of<D>& p) {
        if constexpr (requires { &D::advance; }) D::advance(p, now_ms, active_ms);
      },
      d.any());
}

}  // namespace volley::runtime
