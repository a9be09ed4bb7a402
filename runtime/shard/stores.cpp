#include "runtime/shard/stores.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"
#include "runtime/connections/store_builder.hpp"

namespace volley::runtime {
namespace {

constexpr std::uint64_t edited_rows = 0;  // in place of a digest

template <class T> void cut(std::vector<T>& all, std::size_t kept) {
  if (all.size() > kept) all.erase(all.begin() + static_cast<std::ptrdiff_t>(kept), all.end());
}

}  // namespace

std::uint64_t stores::n_connections() const {
  std::uint64_t n = 0;
  for (const auto& one : entries_) n += one.rows->size();
  return n;
}

delay_extrema stores::delays() const {
  delay_extrema extrema;
  for (store_ordinal i; i.index() < entries_.size(); ++i)
    rows(i).for_each_source([&](std::uint64_t source) {
      const auto row = rows(i).row(source);
      for (std::size_t k = 0; k < row.size(); ++k) {
        extrema.include(row[k].delay());
        if (lead_ms(i, source, k) > 0) extrema.include(row[k].delay() - 1);  // of a spike before the end of its step
      }
    });
  return extrema;
}

double stores::lead_ms(store_ordinal ordinal, std::uint64_t source, std::size_t segment) const {
  const auto lead = synapse(ordinal).lead;
  if (lead < 0) return 0;
  const auto& of = rows(ordinal);
  return of.parameter_set(of.cohort_of(of.first_segment(source) + segment).parameters)[static_cast<std::size_t>(lead)];
}

bool stores::compute_arrivals() const {
  return std::ranges::any_of(entries_,
                             [](const entry& one) { return (one.plastic || one.walked) && one.rows->size() != 0; });
}

void stores::take_back() {
  drop_edits();
  cut(entries_, before_.stores);
  cut(all_rows_, before_.stores);
  cut(pending_, before_.pending);
}

void stores::add(const models::synapse_model& model) {
  auto rows =
      std::make_unique<connection_store>(model.plastic, static_cast<std::uint32_t>(model.n_traces),
                                         models::has_sets(model), static_cast<std::uint32_t>(model.n_variables));
  const auto* const place = rows.get();
  entries_.push_back({.model = &model,
                      .rows = std::move(rows),
                      .plastic = plastic_rows_of(model),
                      .released = released_rows_of(model),
                      .walked = walked_rows_of(model)});
  all_rows_.push_back(place);
}

void stores::find_used() {
  used_.clear();
  for (store_ordinal i; i.index() < entries_.size(); ++i)
    if (rows(i).source_limit() != 0) used_.push_back(i);
}

void stores::commit_edits() {
  for (auto& editor : staged_edits_) editor.commit();
  staged_edits_.clear();
  // Rows have moved: slots that were seen are anywhere among these.
  for (auto& one : entries_) one.targets_opened = one.rows->slots().size();
}

void stores::set_common_parameters(store_ordinal ordinal, const std::vector<double>& values) {
  auto& one = (*this)[ordinal];
  expects(values.size() >= one.model->n_params, "a synapse model has a value for each parameter");
  for (const auto& f : one.model->fields)
    if (models::is_common(*one.model, f)) {
      const auto member = static_cast<std::uint32_t>(models::member_of(*one.model, f));
      one.rows->set_parameter_sets(member, values[member]);
    }
}

void stores::build(cells& targets, const time_grid& time) {
  if (!has_pending()) return;
  std::ranges::stable_sort(pending_, {}, &projection::store);
  for (std::size_t first = 0; first < pending_.size();) {
    std::size_t end = first;
    while (end < pending_.size() && pending_[end].store == pending_[first].store) ++end;
    place(first, end, targets, time);
    first = end;
  }
  pending_.clear();
  pending_.shrink_to_fit();
  find_used();
  for (auto& one : entries_) one.rows->settle();
  open_histories(targets.histories());
}

void stores::place(std::size_t first, std::size_t end, cells& targets, const time_grid& time) {
  auto& to = (*this)[pending_[first].store];
  to.by_target.drop();
  store_builder builder(*to.rows, targets.targets(), targets.place(), time, &targets.entries());
  try {
    builder.build({pending_.data() + first, end - first});
  } catch (...) {
    to.rows->mark_edited();
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(first + builder.built()));
    find_used();
    throw;
  }
}

void stores::open_histories(target_histories& histories) {
  std::vector<std::uint8_t> read(histories.slots());
  for (auto& one : entries_) {
    if (!one.model->reads_targets) continue;
    const auto& slots = one.rows->slots();  // new connections are at the end
    for (; one.targets_opened < slots.size(); ++one.targets_opened) read[slots[one.targets_opened].index()] = 1;
  }
  for (input_slot slot; slot.index() < read.size(); ++slot)
    if (read[slot.index()]) histories.open(slot);
}

void stores::note_loaded() {
  for (auto& one : entries_) one.targets_opened = one.rows->slots().size();
  find_used();
}

std::vector<std::uint64_t> stores::digests() const {
  std::vector<std::uint64_t> all;
  for (const auto& one : entries_) all.push_back(one.rows->is_edited() ? edited_rows : one.rows->rows_digest());
  return all;
}

bool stores::agree_with(const std::vector<std::uint64_t>& digests_of_image) const {
  if (digests_of_image.size() != entries_.size()) return false;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    if (digests_of_image[i] != edited_rows && digests_of_image[i] != entries_[i].rows->rows_digest()) return false;
  return true;
}

void stores::count(shard_bytes& bytes) const {
  for (const auto& one : entries_) {
    bytes.connections += one.rows->bytes() + one.by_target.bytes();
    if (one.walked) bytes.nodes += one.walked->bytes();
  }
}

}  // namespace volley::runtime
