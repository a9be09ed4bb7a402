#include "models/core/shaped_model.hpp"

namespace volley::models {

std::vector<std::uint32_t> default_shape(std::span<const list_model> lists) {
  std::vector<std::uint32_t> shape;
  for (const list_model& list : lists) shape.push_back(list.default_length());
  return shape;
}

std::vector<list_place> places_of_lists(const neuron_model& own, std::span<const list_model> lists,
                                        std::span<const std::uint32_t> shape) {
  std::vector<list_place> places(lists.size());
  list_place next{own.params(), own.state(), own.derived, own.inputs};
  for (std::size_t i = 0; i < lists.size(); ++i) {
    places[i].length = next.params++;
    if (!lists[i].lock_key.empty()) places[i].lock = next.params++;
  }
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto [length, lock] = std::pair(places[i].length, places[i].lock);
    places[i] = next;
    places[i].length = length;
    places[i].lock = lock;
    next.params += lists[i].params.size() * shape[i];
    next.state += lists[i].state.size() * shape[i];
    next.derived += lists[i].derived * shape[i];
    next.inputs += lists[i].inputs * shape[i];
  }
  return places;
}

std::string entry_name(const field& member, std::uint32_t k) {
  if (!member.numbered.empty()) return std::string(member.numbered) + std::to_string(k + 1);
  return std::string(member.name) + '[' + std::to_string(k) + ']';
}

namespace {

const neuron_model& own_part(const neuron_model& m) { return m.own == nullptr ? m : *m.own; }

}  // namespace

shaped_model::shaped_model(const neuron_model& like, std::vector<std::uint32_t> shape)
    : shape_(std::move(shape)),
      places_(places_of_lists(own_part(like), like.lists, shape_)),
      fields_(own_part(like).fields.begin(), own_part(like).fields.end()),
      channels_(own_part(like).channels.begin(), own_part(like).channels.end()),
      params_(own_part(like).default_params.begin(), own_part(like).default_params.end()),
      state_(own_part(like).default_state.begin(), own_part(like).default_state.end()),
      model_(own_part(like)) {
  // A catalog gave it these: the part without entries is that of all catalogs.
  model_.loop = like.loop;
  model_.own_loops = like.own_loops;
  add_lengths();
  add_keys();
  add_entries();
  model_.fields = fields_;
  model_.channels = channels_;
  model_.default_params = params_;
  model_.default_state = state_;
  model_.shape = shape_;
  model_.own = &own_part(like);
}

void shaped_model::add_lengths() {
  for (std::size_t i = 0; i < model_.lists.size(); ++i) {
    const list_model& list = model_.lists[i];
    const auto add = [&](std::string_view key, std::string hidden, std::size_t column, std::string_view meaning,
                         field_kind kind, double value) {
      const bool shown = !key.empty();
      if (!shown) names_.push_back(std::move(hidden));
      fields_.push_back({.name = shown ? key : std::string_view(names_.back()),
                         .column = static_cast<std::int16_t>(column),
                         .meaning = meaning,
                         .kind = kind,
                         .is_key = shown,
                         .is_read_only = true});
      params_.push_back(value);
    };
    add(list.length_key, "entries of list " + std::to_string(i), places_[i].length, "number of entries",
        field_kind::integer, list.default_length());
    if (!list.lock_key.empty())
      add(list.lock_key, {}, places_[i].lock, "whether connections end here; then no receptor can go", field_kind::flag,
          0);
  }
}

void shaped_model::add_keys() {
  for (std::size_t i = 0; i < model_.lists.size(); ++i)
    for (field f : model_.lists[i].fields) {
      if (!f.is_key) continue;
      f.entries = f.where;
      f.where = part::list;
      f.list = static_cast<std::int16_t>(i);
      f.numbered = {};
      fields_.push_back(f);
    }
}

void shaped_model::add_entries() {
  for (std::size_t i = 0; i < model_.lists.size(); ++i) {
    const list_model& list = model_.lists[i];
    model_.derived += list.derived * shape_[i];
    model_.inputs += list.inputs * shape_[i];
    for (std::uint32_t k = 0; k < shape_[i]; ++k) add_entry(i, k);
  }
}

void shaped_model::add_entry(std::size_t i, std::uint32_t k) {
  const list_model& list = model_.lists[i];
  const auto at = [k](std::size_t first, std::size_t members, std::int16_t member) {
    return static_cast<std::int16_t>(first + k * members + static_cast<std::size_t>(member));
  };
  for (field f : list.fields) {
    names_.push_back(entry_name(f, k));
    f.name = names_.back();
    f.column = f.where == part::params ? at(places_[i].params, list.params.size(), f.column)
                                       : at(places_[i].state, list.state.size(), f.column);
    f.is_key = false;
    f.is_recordable = !f.numbered.empty();
    f.list = static_cast<std::int16_t>(i);
    f.entry = k;
    fields_.push_back(f);
  }
  const bool is_default = k < list.default_length();
  const auto params = is_default ? list.defaults.subspan(k * list.params.size(), list.params.size()) : list.params;
  params_.insert(params_.end(), params.begin(), params.end());
  state_.insert(state_.end(), list.state.begin(), list.state.end());
  for (channel c : list.channels) {
    c.receptor = static_cast<std::int16_t>(c.receptor + static_cast<std::int16_t>(k));
    if (c.member >= 0) c.member = at(places_[i].inputs, list.inputs, c.member);
    if (c.member_below_zero >= 0) c.member_below_zero = at(places_[i].inputs, list.inputs, c.member_below_zero);
    channels_.push_back(c);
  }
}

}  // namespace volley::models
