// The parameters of any built-in device, and what a device is: questions that the runtime asks instead of naming
// devices. What the devices are is known to those alone who include built_in_devices.hpp.
#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "models/core/device.hpp"

namespace volley::runtime {

class snapshot_writer;
class snapshot_reader;
template <class D> struct parameters_of;

class device_params {
 public:
  /// The defaults of the first device.
  device_params();
  template <class D> device_params(parameters_of<D>);
  device_params(const device_params&);
  device_params(device_params&&) noexcept;
  device_params& operator=(const device_params&);
  device_params& operator=(device_params&&) noexcept;
  ~device_params();

  /// The same as a variant of parameters_of<D>. REQUIRES: not moved from.
  struct variant;
  variant& any() { return *any_; }
  const variant& any() const { return *any_; }
  /// REQUIRES: the parameters of D.
  template <class D> parameters_of<D>& of();

  void snapshot(snapshot_writer&) const;
  void snapshot(snapshot_reader&);

 private:
  std::unique_ptr<variant> any_;
};

struct device_kind {
  std::string_view name, meaning;
  device_params defaults;
};
/// All built-in device models, in the order of devices::all.
const std::vector<device_kind>& device_kinds();

/// Whether both are parameters of one device model.
bool are_alike(const device_params&, const device_params&);
models::device_output output_of(const device_params&);
bool is_recorder(const device_params&);
inline bool is_meter(const device_params& d) { return output_of(d) == models::device_output::requests; }
/// True for one whose spikes travel with those of neurons, and are its own.
inline bool is_injector(const device_params& d) {
  return output_of(d) == models::device_output::node_spikes && !is_recorder(d);
}
/// True for a recorder that keeps no events, but what it makes of spikes on its receptors.
bool is_detector(const device_params&);
/// True for a detector that repeats spikes.
inline bool is_relay(const device_params& d) {
  return is_recorder(d) && output_of(d) == models::device_output::node_spikes;
}
inline bool keeps_events(const device_params& d) { return is_recorder(d) && !is_detector(d); }
/// Whether spikes are events of it, one by one or as states.
bool records_spikes(const device_params&);
bool records_weights(const device_params&);
/// True for a generator with a state for each of its connections.
bool has_trains(const device_params&);
/// True for a generator whose spikes have times within a step.
bool is_off_grid(const device_params&);
/// Names of what a meter can show of it, sorted.
std::vector<std::string> recordables_of(const device_params&);
/// REQUIRES: a recorder that keeps events.
const models::recording& recording_of(const device_params&);
/// True for a recorder whose events go into one file, whatever the number of VPs.
inline bool writes_report(const models::recording& r) { return r.record_to == "sonata"; }
inline bool writes_report(const device_params& d) { return keeps_events(d) && writes_report(recording_of(d)); }
/// True for a recorder that writes a file on each VP.
inline bool writes_files(const device_params& d) { return keeps_events(d) && recording_of(d).record_to == "ascii"; }
/// How many receptors a detector has: 0, 1, ... 0 for other devices.
std::int64_t receptors_of(const device_params&);
/// How many numbers the results of a detector are; 0 for other devices.
double numbers_of(const device_params&);

/// The defaults of a built-in model as they are on a grid.
device_params on_grid(device_params defaults, const models::time_grid&);

/// True when a device has values that go with the clock.
bool follows_clock(const device_params&);
/// Those values when a run is prepared, and after a stretch of simulation up to now, in which it was active for so
/// long.
void restart(device_params&, double now_ms);
void advance(device_params&, double now_ms, double active_ms);

}  // namespace volley::runtime
