// A recording device's share on one VP: its parameters, the events it holds or writes, and what it listens to.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/core/device.hpp"
#include "runtime/base/time.hpp"
#include "runtime/devices/detector.hpp"
#include "runtime/devices/event_log.hpp"
#include "runtime/devices/record_file.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

using models::recorder_kind;

enum class backend_kind : std::uint8_t { memory, ascii, screen };

/// Where and how events are written.
struct backend_spec {
  backend_kind kind = backend_kind::memory;
  bool time_in_steps = false;
  int precision = 3;
  std::string path;  ///< ascii: this VP's file
  bool operator==(const backend_spec&) const = default;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, backend_kind::screen);
    s(time_in_steps, precision, path);
  }
};

struct recorder_spec {
  std::uint64_t id = 0;
  recorder_kind kind = recorder_kind::spikes;
  models::active_window window;
  bool frozen = false;
  backend_spec backend;
  step_t interval = 0, offset = 0;      ///< samples
  std::vector<std::string> quantities;  ///< samples
  node_set senders, targets;            ///< weights: record only these; empty: all
  std::optional<detector> detects;      ///< results
  /// The same on a VP that the recorder does not live on.
  recorder_spec without_results() const;
  template <class Snapshot> void snapshot(Snapshot& s) {
    s.enumerator(kind, recorder_kind::results);
    s(id, window, frozen, backend, interval, offset, quantities, senders, targets, detects);
    if constexpr (Snapshot::loads)
      if ((kind == recorder_kind::samples && interval < 1) || (kind == recorder_kind::results) != detects.has_value())
        s.refuse();
  }
};

class recorder {
 public:
  explicit recorder(recorder_spec spec) : spec_(std::move(spec)) {}

  const recorder_spec& spec() const { return spec_; }
  /// A detector goes on with what it has made. REQUIRES: it follows the one that is here.
  void configure(recorder_spec spec) noexcept;
  void set_path(std::string path) { spec_.backend.path = std::move(path); }
  bool listens(step_t stamp) const { return !spec_.frozen && spec_.window.contains(stamp); }
  bool samples(step_t stamp) const {
    return !spec_.quantities.empty() && listens(stamp) && stamp >= spec_.offset && stamp > 0 &&
           (stamp - spec_.offset) % spec_.interval == 0;
  }

  /// `multiplicity` spikes, or the state that they tell. `offset_ms`: how long before its stamp they were sent.
  void spike(step_t stamp, std::uint32_t sender, std::uint32_t multiplicity, double offset_ms = 0);
  /// One row of a sample: as many values as quantities.
  void sample(step_t stamp, std::uint32_t sender, const double* values, std::size_t n);
  void weight(step_t stamp, std::uint32_t sender, std::uint32_t target, std::uint32_t receptor, std::uint32_t port,
              double w);

  // ---- a detector, on the VP that it lives on
  /// Null for others.
  const detector* detecting() const { return spec_.detects && spec_.detects->has_room() ? &*spec_.detects : nullptr; }
  /// Errors: bad_alloc.
  void make_room() { spec_.detects->make_room(); }
  void hear(const models::heard_spikes& spikes) { spec_.detects->hear(spikes); }
  void forget(step_t upto) {
    if (spec_.detects) spec_.detects->forget(upto);
  }

  /// Events that users see. Samples of an interval become visible when the next one begins.
  const event_log& log() const { return log_; }
  void show_samples();
  void clear() {
    forget_log();
    recorded_ = 0;
  }
  std::uint64_t n_events() const { return recorded_; }
  /// No backend takes its events: they are here until they are cleared.
  bool keeps_events() const { return spec_.backend.kind == backend_kind::memory; }
  /// Another number than before: log() does not go on where it was.
  std::uint64_t forgotten() const { return forgotten_; }

  /// Opens what the backend writes to. A file that this recorder made earlier goes on. Errors: IOError when somebody
  /// else's is there and may not be overwritten, one of a saved network is there no more, or the disk refuses.
  void open(record_files& files, bool overwrite);
  /// Hands the events so far to the backend (files and screen), and forgets them there.
  void flush(const time_grid& time);
  void close();
  std::uint64_t bytes() const;

  // ---- saved networks
  struct made_file {
    std::string heading;      ///< of its last lines
    std::uint64_t bytes = 0;  ///< of it
    bool is_dated = false;    ///< some may have been written to it since
    template <class Snapshot> void snapshot(Snapshot& s) { s(heading, bytes, is_dated); }
  };
  using made_files = std::map<std::string, made_file>;  ///< by path
  const made_files& files() const { return made_; }
  /// It goes on with these where they ended then. REQUIRES: nothing is open.
  void put(made_files files);
  /// Samples that are not shown yet.
  const event_log& hidden() const { return hidden_; }
  /// These are its events.
  void put(event_log shown, event_log hidden) {
    forget_log();
    log_ = std::move(shown);
    hidden_ = std::move(hidden);
  }
  /// What it has made. REQUIRES: a detector with this one's parameters.
  void put(detector made) { spec_.detects = std::move(made); }
  /// So many were recorded, those that were handed to files included.
  void set_recorded(std::uint64_t recorded) { recorded_ = recorded; }

  // ---- images
  /// What it is, but for the events that it keeps; files have what was flushed to them. remember(), where it keeps
  /// some, and reopen() must follow a load.
  template <class Snapshot> void snapshot(Snapshot& s) {
    bool is_open = file_ != nullptr;
    s(spec_, hidden_, recorded_, made_, is_open);
    if constexpr (Snapshot::loads) {
      reopens_ = is_open;
      forget_log();
    }
    if (!keeps_events()) s(log_);
  }
  /// Events that follow those of the log.
  void remember(const event_log& more) { log_.append(more); }
  /// Its files end where they did when the image was made, and what was open is. Errors: IOError.
  void reopen(record_files& files);

 private:
  void write(const event_log& events, const time_grid& time);
  std::string heading() const;
  void forget_log() {
    log_.clear();
    ++forgotten_;
  }

  recorder_spec spec_;
  event_log log_, hidden_;
  std::uint64_t recorded_ = 0, forgotten_ = 0;
  std::unique_ptr<record_file> file_;
  made_files made_;
  bool reopens_ = false;
};

}  // namespace volley::runtime
