// A shard as a whole: changes, and what a run needs.
#include "runtime/shard/shard.hpp"

#include "runtime/base/contract.hpp"
#include "runtime/base/stopwatch.hpp"
#include "runtime/shard/network_loader.hpp"

namespace volley::runtime {

shard::shard(const layout& place, const model_catalog& catalog, record_files& files)
    : catalog_(catalog), files_(files), parts_(std::make_unique<shard_parts>(place)) {
  for (const auto& model : catalog.synapses) parts_->stores.add(model);
}

shard::~shard() = default;

void shard::begin_change() {
  expects(!changing_, "a change begins when the one before was kept or dropped");
  mark();
  changing_ = true;
}

void shard::end_change() {
  mark();
  changing_ = false;
}

void shard::mark() {
  parts_->cells.begin_change();
  parts_->generators.begin_change();
  parts_->stores.begin_change();
  parts_->recording.begin_change();
}

// Connections of recorders are taken back while the nodes that they name are there.
void shard::take_back() {
  expects(changing_, "there is a change to take back");
  parts_->recording.take_back(parts_->cells, parts_->generators);
  parts_->stores.take_back();
  parts_->generators.take_back();
  parts_->cells.take_back();
  parts_->recording.fit(parts_->cells);
  changing_ = false;
}

void shard::keep_values() {
  parts_->cells.keep();
  parts_->generators.keep();
  parts_->recording.keep();
}

void shard::add_cells(std::uint64_t first, std::uint64_t last, const attributes& prototype, double now_ms,
                      layer_ref where) {
  parts_->cells.add(first, last, prototype, now_ms, std::move(where));
  parts_->recording.fit(parts_->cells);
}

void shard::before_change(step_t now) {
  if (prepared_) parts_->delivery.before_change(now, clock_);
}

void shard::build(const time_grid& time) {
  if (!parts_->stores.has_pending()) return;
  const stopwatch timer(times_.build);
  parts_->stores.build(parts_->cells, time);
}

void shard::prepare(const run_plan& plan, bool overwrite_files, std::uint64_t room_for_records) {
  if (!prepared_) {
    clock_.begin = plan.now;
    parts_->delivery.begin(plan.now);
  }
  prepared_ = true;
  parts_->plan = plan;
  room_for_records_ = room_for_records;
  parts_->recording.open(files_, overwrite_files);
  fit();
  parts_->delivery.find_device_inputs(plan.now);
}

void shard::fit() {
  parts_->cells.prepare(parts_->plan.time);
  parts_->delivery.fit();
  parts_->emission.fit();
}

std::unique_ptr<shard> shard::empty_one() const {
  auto made = std::make_unique<shard>(place(), catalog_, files_);
  made->hold(held_);
  return made;
}

void shard::stand_at(const run_plan& plan, const interval_clock& clock, bool prepared) {
  parts_->plan = plan;
  clock_ = clock;
  prepared_ = prepared;
}

void shard::resume(step_t now, std::vector<spike_batch> undelivered) {
  fit();
  parts_->delivery.find_device_inputs(now);
  undelivered_ = std::move(undelivered);
}

void shard::become(std::unique_ptr<shard> other) noexcept {
  std::swap(parts_, other->parts_);
  std::swap(clock_, other->clock_);
  std::swap(prepared_, other->prepared_);
  std::swap(undelivered_, other->undelivered_);
  loader_.reset();
}

shard_times shard::times() const {
  auto times = times_;
  times.spikes = parts_->emission.spikes();
  return times;
}

shard_bytes shard::bytes() const {
  shard_bytes bytes;
  parts_->cells.count(bytes);
  parts_->stores.count(bytes);
  parts_->recording.count(bytes);
  parts_->delivery.count(bytes);
  parts_->emission.count(bytes);
  return bytes;
}

}  // namespace volley::runtime
