#include "runtime/devices/recorder.hpp"

#include <cstdio>
#include <utility>

#include "runtime/base/error.hpp"
#include "runtime/base/release.hpp"

namespace volley::runtime {
namespace {

// As scripts that read such files expect them.
const std::string first_lines =
    std::string("# NEST version: ").append(release) + "\n# RecordingBackendASCII version: 2\n";

[[noreturn]] void miss(const std::string& path) {
  throw api_error(error_kind::IOError, "the file \"" + path + "\" is not here any more");
}

}  // namespace

recorder_spec recorder_spec::without_results() const {
  recorder_spec empty = *this;
  if (detects) empty.detects = detects->without_results();
  return empty;
}

void recorder::configure(recorder_spec spec) noexcept {
  if (spec.detects && detecting() != nullptr) spec.detects->take(std::move(*spec_.detects));
  spec_ = std::move(spec);
}

void recorder::spike(step_t stamp, std::uint32_t sender, std::uint32_t multiplicity, double offset_ms) {
  if (spec_.kind == recorder_kind::states) {
    log_.values.resize(1);
    log_.values[0].push_back(multiplicity == 2 ? 1 : 0);
    multiplicity = 1;
  }
  recorded_ += multiplicity;
  if (offset_ms != 0) log_.offsets_ms.resize(log_.size());
  if (offset_ms != 0 || !log_.offsets_ms.empty()) log_.offsets_ms.resize(log_.size() + multiplicity, offset_ms);
  for (; multiplicity > 0; --multiplicity) {
    log_.stamps.push_back(stamp);
    log_.senders.push_back(sender);
  }
}

void recorder::sample(step_t stamp, std::uint32_t sender, const double* values, std::size_t n) {
  hidden_.stamps.push_back(stamp);
  hidden_.senders.push_back(sender);
  hidden_.values.resize(n);
  for (std::size_t i = 0; i < n; ++i) hidden_.values[i].push_back(values[i]);
}

void recorder::weight(step_t stamp, std::uint32_t sender, std::uint32_t target, std::uint32_t receptor,
                      std::uint32_t port, double w) {
  ++recorded_;
  log_.stamps.push_back(stamp);
  log_.senders.push_back(sender);
  log_.values.resize(1);
  log_.values[0].push_back(w);
  log_.targets.push_back(target);
  log_.receptors.push_back(receptor);
  log_.ports.push_back(port);
}

void recorder::show_samples() {
  if (hidden_.size() == 0) return;
  recorded_ += hidden_.size();
  log_.append(hidden_);
  hidden_.clear();
}

void recorder::open(record_files& files, bool overwrite) {
  const auto& b = spec_.backend;
  if (spec_.detects) spec_.detects->open();
  if (b.kind == backend_kind::memory || file_ != nullptr) return;
  if (b.kind == backend_kind::screen) {
    file_ = files.open("-", overwrite);
    return;
  }
  auto file = made_.contains(b.path) ? files.go_on(b.path) : nullptr;
  if (file == nullptr) {
    if (made_[b.path].is_dated) miss(b.path);
    made_.erase(b.path);
    file = files.open(b.path, overwrite);
  }
  auto& made = made_[b.path];
  if (std::exchange(made.is_dated, false)) file->cut(made.bytes);
  const auto columns = heading();
  if (made.heading != columns) {
    const auto text = made.heading.empty() ? first_lines + columns : columns;
    file->append(text);
    made = {columns, made.bytes + text.size(), false};
  }
  file_ = std::move(file);
}

void recorder::reopen(record_files& files) {
  file_.reset();
  const auto& b = spec_.backend;
  for (const auto& [path, made] : made_) {
    auto file = files.go_on(path);
    if (file != nullptr) file->cut(made.bytes);
    if (reopens_ && path == b.path) file_ = std::move(file);
  }
  if (reopens_ && b.kind == backend_kind::screen) file_ = files.open("-", true);
  if (std::exchange(reopens_, false) && file_ == nullptr) miss(b.path);
}

void recorder::put(made_files files) {
  made_ = std::move(files);
  for (auto& [path, made] : made_) made.is_dated = true;
}

std::string recorder::heading() const {
  std::string text = spec_.backend.time_in_steps ? "sender\ttime_step\ttime_offset" : "sender\ttime_ms";
  if (spec_.kind == recorder_kind::weights) text += "\tweights\ttargets\treceptors\tports";
  if (spec_.kind == recorder_kind::states) text += "\tstate";
  for (const auto& name : spec_.quantities) text += "\t" + name;
  return text + "\n";
}

void recorder::flush(const time_grid& time) {
  if (file_ == nullptr || log_.size() == 0) return;
  write(log_, time);
  forget_log();
}

void recorder::close() { file_.reset(); }

void recorder::write(const event_log& events, const time_grid& time) {
  std::string text;
  char number[64];
  const int digits = spec_.backend.precision, digits_of_values = spec_.kind == recorder_kind::states ? 0 : digits;
  const auto put = [&](const char* format, auto... values) {
    const int n = std::snprintf(number, sizeof number, format, values...);
    text.append(number, static_cast<std::size_t>(n));
  };
  for (std::size_t i = 0; i < events.size(); ++i) {
    put("%u\t", events.senders[i]);
    if (spec_.backend.time_in_steps)
      put("%lld\t%.*f", static_cast<long long>(events.stamps[i]), digits, events.offset_ms(i));
    else
      put("%.*f", digits, events.time_ms(i, time));
    for (const auto& column : events.values) put("\t%.*f", digits_of_values, column[i]);
    if (!events.targets.empty()) put("\t%u\t%u\t%u", events.targets[i], events.receptors[i], events.ports[i]);
    text += '\n';
  }
  file_->append(text);
  if (const auto made = made_.find(spec_.backend.path); made != made_.end()) made->second.bytes += text.size();
}

std::uint64_t recorder::bytes() const {
  std::uint64_t bytes = spec_.detects ? spec_.detects->bytes() : 0;
  for (const auto* log : {&log_, &hidden_}) {
    bytes += log->stamps.capacity() * sizeof(step_t) + log->senders.capacity() * sizeof(std::uint32_t);
    for (const auto& column : log->values) bytes += column.capacity() * sizeof(double);
    bytes += (log->targets.capacity() + log->receptors.capacity() + log->ports.capacity()) * sizeof(std::uint32_t);
    bytes += log->offsets_ms.capacity() * sizeof(double);
  }
  return bytes;
}

}  // namespace volley::runtime
