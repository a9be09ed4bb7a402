#include "runtime/shard.hpp"

#include <algorithm>
#include <bit>
#include <chrono>

#include "runtime/error.hpp"

namespace volley::runtime {
namespace {

using wall_clock = std::chrono::steady_clock;

/// How often plastic synapses of silent sources apply what their targets did: the longest time a spike is kept.
constexpr double catch_up_ms = 10000;

/// Adds the time it lives to `seconds`.
class stopwatch {
 public:
  explicit stopwatch(double& seconds) : seconds_(seconds), began_(wall_clock::now()) {}
  ~stopwatch() { seconds_ += std::chrono::duration<double>(wall_clock::now() - began_).count(); }

 private:
  double& seconds_;
  wall_clock::time_point began_;
};

input_form form_of(models::channel_kind kind) {
  switch (kind) {
    case models::channel_kind::by_sign: return input_form::by_sign;
    case models::channel_kind::sum: return input_form::sum;
    case models::channel_kind::current: return input_form::current;
    default: return input_form::count;
  }
}

}  // namespace

namespace {

/// The cells of a block that belong to `nodes`, and their positions in it.
void select_cells(const node_set& nodes, const local_ids& ids, std::vector<std::uint32_t>& cells, std::vector<std::uint64_t>& positions) {
  std::uint64_t before = 0;
  for (const auto& range : nodes.ranges) {
    const std::uint64_t low = std::max(range.first, ids.first), high = std::min(range.last, ids.last());
    if (ids.count != 0 && low <= high) {
      // From the first cell at or after `low` on.
      for (std::uint32_t cell = static_cast<std::uint32_t>((low - ids.first + ids.stride - 1) / ids.stride); cell < ids.count && ids[cell] <= high; ++cell) {
        if ((ids[cell] - range.first) % range.step != 0) continue;
        cells.push_back(cell);
        positions.push_back(before + (ids[cell] - range.first) / range.step);
      }
    }
    before += range.size();
  }
}

}  // namespace

shard::shard(const layout& place) : place_(place) {}
shard::~shard() = default;

// ---- nodes

void shard::add_population(std::uint64_t first, std::uint64_t last, const attributes& prototype) {
  const auto ids = local_part(first, last, place_);
  if (ids.count == 0) return;
  const auto block = static_cast<std::uint32_t>(populations_.size());
  const auto& model = prototype.model();
  populations_.push_back(std::make_unique<population>(prototype, ids));
  const std::uint32_t cells = padded(ids.count);
  block_slots slots;
  std::uint32_t receptor = 0;
  for (const auto& channel : model.channels) {
    const auto form = form_of(channel.kind);
    auto& space = form == input_form::current ? current_slots_ : spike_slots_;
    slots.by_channel.push_back(space.add(block, receptor++, cells, form));
  }
  slots.history = history_.add_lines(cells);
  line_of_page_.resize(spike_slots_.size() / slot_map::page);
  for (std::size_t c = 0; c < slots.by_channel.size(); ++c) {
    if (model.channels[c].kind == models::channel_kind::current) continue;
    for (std::uint32_t page = 0; page < cells / slot_map::page; ++page)
      line_of_page_[slots.by_channel[c] / slot_map::page + page] = slots.history + page * slot_map::page;
  }
  block_slots_.push_back(std::move(slots));
  block_taps_.emplace_back();
}

void shard::add_stimulator(stimulator s, bool injector) {
  stimulators_.push_back(std::move(s));
  injectors_.push_back(injector);
}

std::int64_t shard::block_of(std::uint64_t id) const {
  // Blocks lie in the order of their ids.
  const auto after = std::upper_bound(populations_.begin(), populations_.end(), id,
                                      [](std::uint64_t x, const auto& p) { return x < p->ids().first; });
  if (after == populations_.begin() || !(*(after - 1))->ids().contains(id)) return -1;
  return after - 1 - populations_.begin();
}

const population* shard::find(std::uint64_t id) const {
  const auto block = block_of(id);
  return block < 0 ? nullptr : populations_[static_cast<std::size_t>(block)].get();
}

void shard::set_values(const node_set& nodes, const dictionary& values) {
  undo_.clear();
  try {
    for (std::size_t b = 0; b < populations_.size(); ++b) {
      std::vector<std::uint32_t> cells;
      std::vector<std::uint64_t> positions;
      select_cells(nodes, populations_[b]->ids(), cells, positions);
      if (cells.empty()) continue;
      undo_.push_back({b, populations_[b]->image()});
      const auto effect = populations_[b]->set(values, cells, positions);
      for (const auto cell : effect.cleared) history_.clear(block_slots_[b].history + cell);
    }
  } catch (...) {
    take_back_values();
    throw;
  }
}

std::vector<column_part> shard::get_values(const node_set& nodes, const std::vector<std::string>& keys) const {
  std::vector<column_part> parts;
  for (const auto& block : populations_) {
    std::vector<std::uint32_t> cells;
    std::vector<std::uint64_t> positions;
    select_cells(nodes, block->ids(), cells, positions);
    if (cells.empty()) continue;
    auto names = keys;
    if (names.empty())
      for (const auto& [key, unused] : block->values().get_all(cells.front())) names.push_back(key);
    for (const auto& key : names) {
      if (!block->values().has(key)) continue;
      auto column = block->values().get(key, cells);
      if (column.is_none()) {
        std::vector<value> list;
        for (const auto cell : cells) list.push_back(block->values().get(key, cell));
        column = std::move(list);
      }
      parts.push_back({key, positions, std::move(column)});
    }
  }
  return parts;
}

void shard::drop_population(std::uint64_t first) {
  if (populations_.empty() || populations_.back()->ids().first < first) return;
  const auto& slots = block_slots_.back();
  const auto& channels = populations_.back()->model().channels;
  // Channels were handed out in order: the first of each space marks where the block began.
  std::uint32_t spikes = spike_slots_.size(), currents = current_slots_.size();
  for (std::size_t c = 0; c < channels.size(); ++c) {
    auto& begin = channels[c].kind == models::channel_kind::current ? currents : spikes;
    begin = std::min(begin, slots.by_channel[c]);
  }
  spike_slots_.cut(spikes);
  current_slots_.cut(currents);
  line_of_page_.resize(spikes / slot_map::page);
  history_.cut(slots.history);
  populations_.pop_back();
  block_slots_.pop_back();
  block_taps_.pop_back();
  undo_.clear();
}

void shard::take_back_values() {
  for (const auto& saved : undo_) populations_[saved.block]->restore(saved.image);
  undo_.clear();
}

std::uint32_t shard::slot_of(std::uint64_t id, std::uint32_t receptor, bool currents) const {
  const auto block = static_cast<std::size_t>(block_of(id));
  const auto& cells = *populations_[block];
  const auto& channels = cells.model().channels;
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if ((channels[c].kind == models::channel_kind::current) != currents || static_cast<std::uint32_t>(channels[c].receptor) != receptor) continue;
    return block_slots_[block].by_channel[c] + cells.ids().cell(id);
  }
  throw api_error(error_kind::InternalError, "a connection to a receptor that the target does not have was not refused");
}

std::uint64_t shard::id_of_slot(std::uint32_t slot, bool currents) const {
  const auto owner = slots(currents).owner(slot);
  return populations_[owner.block]->ids()[owner.cell];
}

// ---- connections

void shard::add_store(const models::synapse_model& model) {
  auto rows = std::make_unique<connection_store>(model.plastic, static_cast<std::uint32_t>(model.n_traces));
  store_rows_.push_back(rows.get());
  stores_.push_back({&model, find_plastic_kernel(model), std::move(rows)});
}

void shard::set_common_parameters(std::uint32_t store, const std::vector<double>& values) {
  auto& entry = stores_[store];
  if (!entry.model->common_parameters) return;
  for (std::uint32_t i = 0; i < entry.model->n_params; ++i) entry.rows->set_parameter_sets(i, values[i]);
}

target_lookup shard::lookup() const {
  target_lookup l;
  l.slot = [this](std::uint64_t id, std::uint32_t receptor, bool currents) { return slot_of(id, receptor, currents); };
  l.form = [this](std::uint32_t slot, bool currents) { return slots(currents).form(slot); };
  l.id = [this](std::uint32_t slot, bool currents) { return id_of_slot(slot, currents); };
  l.slot_limit = std::max(spike_slots_.size(), current_slots_.size());
  return l;
}

void shard::check(const projection& p, const time_grid& time, step_t low, step_t high) const {
  check_drawn_delays(p, place_, time, low, high);
}

void shard::connect(tap t) {
  const auto position = static_cast<std::uint32_t>(taps_.size());
  const bool samples = recorders_[t.recorder].spec().kind == recorder_kind::samples;
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    const auto& ids = populations_[b]->ids();
    for (std::uint32_t cell = 0; cell < ids.count; ++cell) {
      if (!t.nodes.contains(ids[cell])) continue;
      tapped_.push_back({position, static_cast<std::uint32_t>(b), samples, {}});
      auto& mask = tapped_.back().cells;
      mask.resize(padded(ids.count) / 64);
      for (; cell < ids.count; ++cell)
        if (t.nodes.contains(ids[cell])) mask[cell / 64] |= std::uint64_t{1} << (cell % 64);
      block_taps_[b].push_back(static_cast<std::uint32_t>(tapped_.size() - 1));
    }
  }
  taps_.push_back(std::move(t));
}

void shard::build(const time_grid& time) {
  if (pending_.empty()) return;
  const stopwatch timer(times_.build);
  const auto targets = lookup();
  std::stable_sort(pending_.begin(), pending_.end(), [](const projection& a, const projection& b) { return a.store < b.store; });
  for (std::size_t i = 0; i < pending_.size();) {
    std::size_t end = i;
    while (end < pending_.size() && pending_[end].store == pending_[i].store) ++end;
    auto& entry = stores_[pending_[i].store];
    store_builder(*entry.rows, targets, place_, time).build({pending_.data() + i, end - i});
    i = end;
  }
  pending_.clear();
  pending_.shrink_to_fit();
  open_histories();
}

void shard::open_histories() {
  const auto targets = histories();
  for (const auto& entry : stores_) {
    if (entry.plastic == nullptr) continue;
    for (std::uint64_t source = 0; source < entry.rows->source_limit(); ++source)
      for (const run& r : entry.rows->row(source))
        for (std::uint64_t i = 0; i < r.count; ++i) history_.open(targets.line(entry.rows->slot(r, i)));
  }
}

delay_extrema shard::delays() const {
  delay_extrema extrema;
  for (const auto& entry : stores_)
    for (std::uint64_t source = 0; source < entry.rows->source_limit(); ++source)
      for (const run& r : entry.rows->row(source)) extrema.include(static_cast<step_t>(r.delay_steps));
  for (const auto& t : taps_) extrema.include(t.delay_steps);
  return extrema;
}

std::uint64_t shard::n_connections() const {
  std::uint64_t n = 0;
  for (const auto& entry : stores_) n += entry.rows->size();
  for (const auto& t : tapped_)
    for (const auto word : t.cells) n += static_cast<std::uint64_t>(std::popcount(word));
  for (const auto& t : taps_) n += generator_taps(t).size();
  return n;
}

std::vector<std::uint32_t> shard::generator_taps(const tap& t) const {
  std::vector<std::uint32_t> positions;
  if (!place_.holds(recorders_[t.recorder].spec().id)) return positions;
  for (std::uint32_t i = 0; i < stimulators_.size(); ++i)
    if (t.nodes.contains(stimulators_[i].id)) positions.push_back(i);
  return positions;
}

plastic_targets shard::histories() const {
  return {&history_, line_of_page_.data(), tau_minus_.data(), plan_.time.resolution_ms()};
}

term_context shard::terms_context() const {
  return {stimulators_, store_rows_, [this](std::uint32_t slot, bool currents) { return id_of_slot(slot, currents); },
          plan_.seed, plan_.time};
}

// ---- simulation

void shard::before_change(step_t now) {
  if (!prepared_) return;
  // Trains act at their emission: what they sent in the open interval must not meet later connections.
  inject_trains(injected_, now);
  const auto row_of = [this](step_t due) {
    // The open interval has its rows already.
    const bool open = opened_ == interval_begin_ && due < interval_begin_ + plan_.interval_steps;
    return open ? rows_.current(static_cast<std::uint32_t>(due - interval_begin_)) : rows_.spilled(due);
  };
  for (step_t due = now; due < now + plan_.max_delay + plan_.interval_steps; ++due) {
    const auto queued = calendar_.due(due);
    if (queued.empty()) continue;
    runtime::deliver(queued, store_rows_, row_of(due));
    calendar_.clear(due);
  }
  terms_.spill(terms_context(), now, row_of);
}

void shard::prepare(const run_plan& plan, record_files& files, bool overwrite_files) {
  plan_ = plan;
  if (!prepared_) interval_begin_ = delivered_ = injected_ = plan.now;
  prepared_ = true;
  for (auto& r : recorders_) r.open(files, overwrite_files, plan.time);
  for (auto& p : populations_) p->prepare(plan.time);
  tau_minus_.resize(line_of_page_.size() == 0 ? 0 : history_lines());
  for (std::size_t b = 0; b < populations_.size(); ++b)
    for (std::uint32_t cell = 0; cell < populations_[b]->ids().count; ++cell)
      tau_minus_[block_slots_[b].history + cell] = populations_[b]->values().node(&node_record::tau_minus)[cell];

  rows_.prepare({spike_slots_.size(), current_slots_.size(), spike_slots_.has(input_form::by_sign)},
                static_cast<std::uint32_t>(plan.interval_steps));
  const auto reach = static_cast<std::uint32_t>(plan.max_delay + plan.interval_steps);
  calendar_.prepare(reach);
  if (std::any_of(stores_.begin(), stores_.end(), [](const auto& s) { return s.plastic != nullptr && s.rows->size() != 0; }))
    rows_.open_arrivals(reach);
  terms_.rebuild(terms_context(), plan.now);

  spike_bits_.resize(populations_.size());
  spike_counts_.resize(populations_.size());
  for (std::size_t b = 0; b < populations_.size(); ++b) {
    const std::size_t cells = padded(populations_[b]->ids().count);
    spike_bits_[b].resize(static_cast<std::size_t>(plan.interval_steps) * cells / 64);
    if (populations_[b]->model().emits == models::emission::counts)
      spike_counts_[b].resize(static_cast<std::size_t>(plan.interval_steps) * cells);
  }
}

void shard::deliver(step_t boundary, std::span<const batch_view> batches) {
  if (boundary <= delivered_) return;
  const stopwatch timer(times_.deliver);
  const step_t first = boundary - plan_.interval_steps;
  for (step_t stamp = first + 1; stamp <= boundary; ++stamp) {
    collect(stamp, static_cast<std::size_t>(stamp - first - 1), batches);
    for (const auto& spike : arriving_) deliver_spike(spike, stamp);
  }
  delivered_ = injected_ = boundary;
  const auto catch_up_steps = plan_.time.nearest_steps(catch_up_ms);
  if (boundary / catch_up_steps != first / catch_up_steps) catch_up(boundary);
}

void shard::collect(step_t stamp, std::size_t lag, std::span<const batch_view> batches) {
  arriving_.clear();
  for (const auto& batch : batches) {
    std::size_t begin = 0;
    for (std::size_t l = 0; l < lag; ++l) begin += batch.counts[l];
    for (std::size_t i = begin; i < begin + batch.counts[lag]; ++i)
      arriving_.push_back({batch.sources[i], batch.multiplicities.empty() ? 1 : batch.multiplicities[i], 1.0});
  }
  if (stamp > injected_) add_trains(stamp);
  std::stable_sort(arriving_.begin(), arriving_.end(), [](const auto& a, const auto& b) { return a.source < b.source; });
}

void shard::add_trains(step_t stamp) {
  for (std::size_t i = 0; i < stimulators_.size(); ++i) {
    if (injectors_[i] || stimulators_[i].train() == nullptr) continue;
    for (const auto& s : emitted(stimulators_[i], stamp - 1, stamp))
      arriving_.push_back({static_cast<std::uint32_t>(stimulators_[i].id), s.multiplicity, s.weight});
  }
}

void shard::inject_trains(step_t after, step_t upto) {
  for (step_t stamp = after + 1; stamp <= upto; ++stamp) {
    arriving_.clear();
    add_trains(stamp);
    for (const auto& spike : arriving_) deliver_spike(spike, stamp);
  }
  injected_ = std::max(injected_, upto);
}

void shard::deliver_spike(const travelling_spike& spike, step_t stamp) {
  for (std::uint32_t s = 0; s < stores_.size(); ++s) {
    auto& entry = stores_[s];
    const auto row = entry.rows->row(spike.source);
    if (row.empty()) continue;
    weight_listener* listener = nullptr;
    weight_listener tap(*this, s);
    if (entry.recorder >= 0) listener = &tap;
    if (entry.plastic != nullptr) {
      for (std::uint32_t m = 0; m < spike.multiplicity; ++m)
        entry.plastic->spike(*entry.rows, spike.source, stamp, histories(), rows_, listener);
      continue;
    }
    for (const run& r : row) {
      const double factor = r.input() == input_form::count ? spike.multiplicity : spike.weight * spike.multiplicity;
      calendar_.push(stamp + static_cast<step_t>(r.delay_steps) - 1, r, s, factor);
      if (listener != nullptr)
        for (std::uint64_t i = 0; i < r.count; ++i)
          for (std::uint32_t m = 0; m < spike.multiplicity; ++m)
            listener->transmitted(spike.source, entry.rows->slot(r, i), r, i, stamp, entry.rows->weight(r, i));
    }
  }
}

/// Hands transmitted weights to the weight_recorder of a synapse model.
void shard::weight_listener::transmitted(std::uint64_t source, std::uint32_t slot, const run& r, std::uint64_t position,
                                         step_t stamp, double weight) {
  auto& recorder = shard_.recorders_[static_cast<std::size_t>(shard_.stores_[store_].recorder)];
  if (!recorder.listens(stamp)) return;
  const auto target = shard_.id_of_slot(slot, false);
  const auto wanted = [](const std::vector<std::uint64_t>& ids, std::uint64_t id) {
    return ids.empty() || std::find(ids.begin(), ids.end(), id) != ids.end();
  };
  if (!wanted(recorder.spec().senders, source) || !wanted(recorder.spec().targets, target)) return;
  const auto owner = shard_.spike_slots_.owner(slot);
  const auto receptor = shard_.populations_[owner.block]->model().channels[owner.receptor].receptor;
  recorder.weight(stamp, static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(target),
                  static_cast<std::uint32_t>(receptor), shard_.port_of(store_, source, r, position), weight);
}

std::uint32_t shard::port_of(std::uint32_t store, std::uint64_t source, const run& r, std::uint64_t position) const {
  const auto& rows = *stores_[store].rows;
  const bool currents = r.input() == input_form::current;
  const auto target = id_of_slot(rows.slot(r, position), currents);
  std::uint32_t port = 0;
  for (const run& other : rows.row(source)) {
    for (std::uint64_t i = 0; i < other.count; ++i) {
      if (other.begin + i == r.begin + position) return port;
      if (id_of_slot(rows.slot(other, i), other.input() == input_form::current) == target) ++port;
    }
  }
  return port;
}

void shard::catch_up(step_t now) {
  for (auto& entry : stores_)
    if (entry.plastic != nullptr) entry.plastic->catch_up(*entry.rows, now, histories());
  history_.prune(now + 1 - plan_.max_delay);
}

void shard::update(step_t from, step_t to) {
  const bool opens = from == interval_begin_ && from != opened_;
  if (opens) {
    const stopwatch timer(times_.deliver);
    opened_ = from;
    for (auto& r : recorders_) r.show_samples();
    rows_.begin_interval(from);
  }
  {
    const stopwatch timer(times_.deliver);
    for (step_t due = from; due < to; ++due) {
      const auto lag = static_cast<std::uint32_t>(due - interval_begin_);
      const auto row = rows_.current(lag);
      runtime::deliver(calendar_.due(due), store_rows_, row);
      calendar_.clear(due);
      if (!terms_.empty()) terms_.add(terms_context(), due, row);
    }
  }
  const stopwatch timer(times_.update);
  for (std::size_t b = 0; b < populations_.size(); ++b) advance_block(b, from, to);
  emit(from, to);
  record_generators(from, to);
}

void shard::advance_block(std::size_t b, step_t from, step_t to) {
  auto& cells = *populations_[b];
  const auto words = static_cast<std::size_t>(padded(cells.ids().count)) / 64;
  auto& bits = spike_bits_[b];
  std::fill(bits.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(from - interval_begin_) * words),
            bits.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(to - interval_begin_) * words), 0);
  // A sample needs the state right after its step, so the slice is cut there.
  step_t begin = from;
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    if (stamp != to && !samples_at(b, stamp)) continue;
    advance_slice(b, begin, stamp);
    if (samples_at(b, stamp)) sample(b, stamp);
    begin = stamp;
  }
  cells.archive_spikes(from, static_cast<std::uint32_t>(to - from), marks_of(b, from));
}

spike_marks shard::marks_of(std::size_t b, step_t from) {
  const std::size_t lag = static_cast<std::size_t>(from - interval_begin_), cells = padded(populations_[b]->ids().count);
  return {spike_bits_[b].data() + lag * cells / 64, spike_counts_[b].empty() ? nullptr : spike_counts_[b].data() + lag * cells};
}

void shard::advance_slice(std::size_t b, step_t from, step_t to) {
  auto& cells = *populations_[b];
  const auto steps = static_cast<std::uint32_t>(to - from);
  const auto& model = cells.model();
  row_pointers_.assign(model.inputs * steps, nullptr);
  arrived_pointers_.assign(model.inputs * steps, nullptr);
  for (std::size_t c = 0; c < model.channels.size(); ++c) {
    const auto& channel = model.channels[c];
    if (channel.member < 0) continue;
    const auto slot = block_slots_[b].by_channel[c];
    const auto point = [&](std::vector<double*>& pointers, std::uint32_t lag, const input_row& row) {
      if (channel.kind == models::channel_kind::current) {
        pointers[static_cast<std::size_t>(channel.member) * steps + lag] = row.current == nullptr ? nullptr : row.current + slot;
        return;
      }
      pointers[static_cast<std::size_t>(channel.member) * steps + lag] = row.positive == nullptr ? nullptr : row.positive + slot;
      if (channel.kind == models::channel_kind::by_sign)
        pointers[static_cast<std::size_t>(channel.member_below_zero) * steps + lag] = row.negative == nullptr ? nullptr : row.negative + slot;
    };
    for (std::uint32_t lag = 0; lag < steps; ++lag) {
      point(row_pointers_, lag, rows_.current(static_cast<std::uint32_t>(from - interval_begin_) + lag));
      if (rows_.has_arrivals()) point(arrived_pointers_, lag, rows_.arrived(from + lag));
    }
  }
  const input_view input{row_pointers_.data(), rows_.has_arrivals() ? arrived_pointers_.data() : nullptr};
  cells.advance(from, steps, plan_.seed, input, marks_of(b, from));
}

void shard::emit(step_t from, step_t to) {
  if (from == interval_begin_) batch_.clear();
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    const auto lag = static_cast<std::size_t>(stamp - 1 - interval_begin_);
    const auto before = batch_.sources.size();
    for (std::size_t b = 0; b < populations_.size(); ++b) emit_block(b, lag, stamp);
    emit_injected(stamp, before);
    batch_.counts.push_back(static_cast<std::uint32_t>(batch_.sources.size() - before));
  }
}

void shard::emit_block(std::size_t b, std::size_t lag, step_t stamp) {
  auto& cells = *populations_[b];
  const auto& ids = cells.ids();
  const std::size_t words = padded(ids.count) / 64;
  const std::uint64_t* bits = spike_bits_[b].data() + lag * words;
  const double* counts = spike_counts_[b].empty() ? nullptr : spike_counts_[b].data() + lag * words * 64;
  const double resolution_ms = plan_.time.resolution_ms();
  for (std::size_t w = 0; w < words; ++w) {
    for (std::uint64_t rest = bits[w]; rest != 0; rest &= rest - 1) {
      const auto cell = static_cast<std::uint32_t>(w * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
      const auto id = static_cast<std::uint32_t>(ids[cell]);
      const std::uint32_t multiplicity = counts == nullptr ? 1 : static_cast<std::uint32_t>(counts[cell]);
      send(id, multiplicity);
      const auto line = block_slots_[b].history + cell;
      if (history_.is_open(line)) history_.append(line, stamp, tau_minus_[line], resolution_ms);
      for (const auto t : block_taps_[b]) {
        const auto& mask = tapped_[t];
        if (mask.samples || !(mask.cells[cell / 64] >> (cell % 64) & 1)) continue;
        auto& recorder = recorders_[taps_[mask.tap].recorder];
        if (recorder.listens(stamp)) recorder.spike(stamp, id, multiplicity);
      }
    }
  }
}

void shard::send(std::uint32_t id, std::uint32_t multiplicity) {
  // The column of multiplicities begins with the first spike that is no single one.
  if (multiplicity != 1 || !batch_.multiplicities.empty()) {
    batch_.multiplicities.resize(batch_.sources.size(), 1);
    batch_.multiplicities.push_back(multiplicity);
  }
  batch_.sources.push_back(id);
  times_.spikes += multiplicity;
}

void shard::emit_injected(step_t stamp, std::size_t first) {
  bool sent = false;
  for (std::size_t i = 0; i < stimulators_.size(); ++i) {
    if (!injectors_[i] || !place_.holds(stimulators_[i].id)) continue;
    for (const auto& s : emitted(stimulators_[i], stamp - 1, stamp)) {
      send(static_cast<std::uint32_t>(stimulators_[i].id), s.multiplicity);
      times_.spikes -= s.multiplicity;  // counted are spikes of neurons
      sent = true;
    }
  }
  if (sent) sort_step(first);
}

void shard::sort_step(std::size_t first) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> spikes;
  for (std::size_t i = first; i < batch_.sources.size(); ++i)
    spikes.emplace_back(batch_.sources[i], batch_.multiplicities.empty() ? 1 : batch_.multiplicities[i]);
  std::sort(spikes.begin(), spikes.end());
  for (std::size_t i = 0; i < spikes.size(); ++i) {
    batch_.sources[first + i] = spikes[i].first;
    if (!batch_.multiplicities.empty()) batch_.multiplicities[first + i] = spikes[i].second;
  }
}

void shard::record_generators(step_t from, step_t to) {
  for (const auto& t : taps_) {
    auto& recorder = recorders_[t.recorder];
    for (const auto position : generator_taps(t)) {
      const auto& device = stimulators_[position];
      if (recorder.spec().kind == recorder_kind::samples) {
        for (step_t stamp = from + 1; stamp <= to; ++stamp) {
          if (!recorder.samples(stamp)) continue;
          const std::vector<double> values(recorder.spec().quantities.size(), shared_current(device, stamp - 1));
          recorder.sample(stamp, static_cast<std::uint32_t>(device.id), values.data(), values.size());
        }
        continue;
      }
      for (const auto& s : spikes_for_recorder(device, recorder.spec().id, from, to))
        if (recorder.listens(s.stamp)) recorder.spike(s.stamp, static_cast<std::uint32_t>(device.id), s.multiplicity);
    }
  }
}

std::vector<timed_spike> shard::spikes_for_recorder(const stimulator& device, std::uint64_t recorder, step_t from, step_t to) const {
  if (device.train() != nullptr) return emitted(device, from, to);
  std::vector<timed_spike> spikes;
  const auto* poisson = std::get_if<poisson_source>(&device.source);
  if (poisson == nullptr || device.frozen) return spikes;
  const models::poisson_table table(poisson->spikes_per_step);
  for (step_t stamp = from + 1; stamp <= to; ++stamp) {
    if (!device.window.contains(stamp)) continue;
    const auto count = table(std::uint64_t{generator_word(device, plan_.seed, recorder, 0, stamp - 1)} << 32);
    if (count != 0) spikes.push_back({stamp, 1.0, static_cast<std::uint32_t>(count)});
  }
  return spikes;
}

bool shard::samples_at(std::size_t b, step_t stamp) const {
  for (const auto t : block_taps_[b])
    if (tapped_[t].samples && recorders_[taps_[tapped_[t].tap].recorder].samples(stamp)) return true;
  return false;
}

void shard::sample(std::size_t b, step_t stamp) {
  for (const auto t : block_taps_[b]) {
    auto& recorder = recorders_[taps_[tapped_[t].tap].recorder];
    if (tapped_[t].samples && recorder.samples(stamp)) sample_block(b, tapped_[t], recorder, stamp);
  }
}

void shard::sample_block(std::size_t b, const tapped_block& mask, recorder& to, step_t stamp) {
  auto& cells = *populations_[b];
  std::vector<recorded_column> columns;
  for (const auto& name : to.spec().quantities) columns.push_back(cells.recorded(*cells.recordable(name)));
  std::vector<double> values(columns.size());
  for (std::uint32_t cell = 0; cell < cells.ids().count; ++cell) {
    if (!(mask.cells[cell / 64] >> (cell % 64) & 1) || cells.is_frozen(cell)) continue;
    for (std::size_t q = 0; q < columns.size(); ++q) values[q] = columns[q][cell];
    to.sample(stamp, static_cast<std::uint32_t>(cells.ids()[cell]), values.data(), values.size());
  }
}

const spike_batch& shard::close_interval() {
  interval_begin_ += plan_.interval_steps;
  for (auto& r : recorders_) r.flush(plan_.time);
  return batch_;
}

void shard::flush_recorders() {
  for (auto& r : recorders_) r.flush(plan_.time);
}

void shard::close_recorders() {
  for (auto& r : recorders_) {
    r.flush(plan_.time);
    r.close();
  }
}

std::uint64_t shard::bytes() const {
  std::uint64_t bytes = rows_.bytes() + calendar_.bytes() + history_.bytes();
  for (const auto& p : populations_) {
    const auto& m = p->model();
    bytes += (m.params() + m.state() + m.derived) * padded(p->ids().count) * sizeof(double);
  }
  for (const auto& entry : stores_) bytes += entry.rows->bytes();
  for (const auto& r : recorders_) bytes += r.bytes();
  return bytes;
}

}  // namespace volley::runtime
