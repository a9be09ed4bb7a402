#include "runtime/shard/connection_edits.hpp"

#include <algorithm>
#include <optional>
#include <tuple>

#include "runtime/base/error.hpp"
#include "runtime/base/halves.hpp"
#include "runtime/connections/row_reader.hpp"
#include "runtime/connections/synapse_rules.hpp"
#include "runtime/shard/listed_connections.hpp"

namespace volley::runtime {
namespace {

/// Stages edits of rows of one shard. Connections are at positions in a list.
class stager {
 public:
  /// `label`: of any connection that is sought.
  stager(shard_parts& shard, const connection_edit& edit, std::optional<double> label = {})
      : shard_(shard), edit_(edit), label_(label) {
    drop_edit(shard);
  }

  /// Stages a row; position_of(i) is that of the i-th sought connection.
  template <class PositionOf> void stage(store_ordinal model, std::uint64_t source,
                                         std::span<const sought_connection> sought, PositionOf&& position_of) {
    open(model);
    places_.resize(sought.size());
    const auto has_label = [&](std::uint32_t segment) {
      return label_of(shard_.stores.rows(model), shard_.stores.synapse(model), source, segment) == *label_;
    };
    const auto entries =
        label_ ? reader_->find(source, sought, places_, has_label) : reader_->find(source, sought, places_);
    asked_.clear();
    for (std::size_t i = 0; i < sought.size(); ++i) {
      if (places_[i] == row_reader::none)
        miss(position_of(i));
      else
        asked_.push_back({places_[i], position_of(i)});
    }
    drop_repeated();
    if (edit_.remove) removed_ += asked_.size();
    if (!asked_.empty()) shard_.stores.staged_edits().back().stage(source, entries, asked_);
  }
  void stage(const taps::place& at) {
    const auto value = [&](const std::optional<number_list>& numbers) {
      return numbers && numbers->has(at.position) ? std::optional((*numbers)[at.position]) : std::nullopt;
    };
    auto& taps = shard_.recording.connections();
    std::optional<double> label;
    for (const auto& p : edit_.parameters)
      if (p.member_of[taps.at(at.tap).store.index()] >= 0 && p.values.has(at.position)) label = p.values[at.position];
    taps.stage(at, {value(edit_.weight), value(edit_.delay_steps), label});
  }
  void miss(std::uint64_t position) { missing_ = std::min(missing_, position); }

  /// Returns the number of connections that will be left. `refuse_missing(position)` and `refuse(editor's illegal one)`
  /// throw, for the first of the list.
  template <class RefuseMissing, class Refuse> std::uint64_t finish(RefuseMissing&& refuse_missing, Refuse&& refuse) {
    const auto place = [](const row_editor& e) { return e.illegal() ? e.illegal()->position : none; };
    auto& editors = shard_.stores.staged_edits();
    const auto first = std::ranges::min_element(editors, {}, place);
    const auto illegal = first == editors.end() ? none : place(*first);
    if (missing_ < illegal) refuse_missing(missing_);
    if (illegal != none) refuse(*first->illegal());
    for (auto& editor : editors) editor.make_room();
    return shard_.n_connections() - removed_;
  }

 private:
  void open(store_ordinal model) {
    if (reader_ && model == model_) return;
    model_ = model;
    auto& rows = shard_.stores.rows(model);
    reader_.emplace(rows, shard_.cells.targets());
    shard_.stores.staged_edits().emplace_back(rows, shard_.stores.synapse(model), model, edit_);
  }

  /// Of values for one connection the last counts; it can be removed once.
  void drop_repeated() {
    std::sort(asked_.begin(), asked_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.entry, a.position) < std::tie(b.entry, b.position);
    });
    std::size_t kept = 0;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      const bool again = kept != 0 && asked_[kept - 1].entry == asked_[i].entry;
      if (again && edit_.remove) miss(asked_[i].position);
      asked_[again ? kept - 1 : kept++] = asked_[i];
    }
    asked_.resize(kept);
  }

  shard_parts& shard_;
  static constexpr std::uint64_t none = api_error::nowhere;

  const connection_edit& edit_;
  const std::optional<double> label_;
  std::uint64_t missing_ = none, removed_ = 0;
  store_ordinal model_;
  std::optional<row_reader> reader_;
  std::vector<std::uint32_t> places_;
  std::vector<row_editor::asked> asked_;
};

[[noreturn]] void refuse_missing(const std::string& what, std::uint64_t source, std::uint64_t target,
                                 std::uint64_t position) {
  throw api_error(error_kind::InexistentConnection,
                  what + ": the connection from " + std::to_string(source) + " to " + std::to_string(target) +
                      " does not exist (any more)",
                  position);
}

}  // namespace

std::uint64_t stage_edit(shard_parts& shard, const connection_columns& list, const connection_edit& edit,
                         const edit_names& names) {
  stager rows(shard, edit);
  const auto here = local_part(shard, list);
  for (const auto& at : here.of_recorders) rows.stage(at);
  for (const auto position : here.missing) rows.miss(position);
  std::vector<sought_connection> sought;
  for_each_row(here.in_rows, [&](store_ordinal model, std::uint64_t source, std::span<const listed_connection> row) {
    sought.clear();
    for (const auto& one : row) sought.push_back(one.sought);
    rows.stage(model, source, sought, [&](std::size_t i) { return row[i].position; });
  });
  const auto id = [](std::int64_t number) { return static_cast<std::uint64_t>(number); };
  return rows.finish([&](std::uint64_t i) { refuse_missing(names.what, id(list.sources[i]), id(list.targets[i]), i); },
                     [&](const illegal_connection& wrong) {
                       const auto store = list.store(wrong.position);
                       try {
                         check_synapse(shard.stores.synapse(store), wrong.parameters, wrong.weight,
                                       names.what + ": " + names.of_stores.at(store));
                       } catch (const api_error& refused) {
                         throw api_error(refused.kind(), refused.what(), wrong.position);
                       }
                     });
}

std::uint64_t stage_removal(shard_parts& shard, const pair_removal& pairs) {
  static const connection_edit removal{.remove = true};
  stager rows(shard, removal, pairs.label);
  std::vector<std::uint64_t> targets;
  for_each_id(pairs.targets, [&](std::uint64_t id) { targets.push_back(id); });
  std::vector<sought_connection> sought;
  std::vector<std::uint64_t> positions;  // of those sought, among the targets
  for (std::size_t j = 0; !pairs.one_to_one && j < targets.size(); ++j) {
    if (!shard.cells.holds(targets[j])) continue;
    sought.push_back({low_half(targets[j]), sought_connection::any});
    positions.push_back(j);
  }
  std::uint64_t i = 0;
  for_each_id(pairs.sources, [&](std::uint64_t source) {
    if (pairs.one_to_one) {
      sought.assign(shard.cells.holds(targets[i]) ? 1 : 0, {low_half(targets[i]), sought_connection::any});
      rows.stage(pairs.store, source, sought, [&](std::size_t) { return i; });
    } else {
      rows.stage(pairs.store, source, sought, [&](std::size_t j) { return i * targets.size() + positions[j]; });
    }
    ++i;
  });
  const auto n = pairs.targets.size();
  return rows.finish(
      [&](std::uint64_t at) {
        const auto source = pairs.sources[pairs.one_to_one ? at : at / n];
        refuse_missing("Disconnect", source, pairs.targets[pairs.one_to_one ? at : at % n], at);
      },
      [](const illegal_connection&) {});
}

void commit_edit(shard_parts& shard) {
  shard.stores.commit_edits();
  shard.recording.connections().commit();
}

void drop_edit(shard_parts& shard) {
  shard.stores.drop_edits();
  shard.recording.connections().drop();
}

}  // namespace volley::runtime
