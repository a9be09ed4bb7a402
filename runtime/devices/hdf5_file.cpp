#include "runtime/devices/hdf5_file.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "runtime/base/contract.hpp"

namespace volley::runtime::hdf5 {
namespace {

/// Calls visit(object) for the object and all below it.
template <class Object, class Visit> void for_each(Object& all, Visit&& visit) {
  visit(all);
  if (auto* members = std::get_if<std::vector<member>>(&all.content))
    for (auto& m : *members) for_each(m.what, visit);
}

/// The description of objects, from the leaves to the root.
class describer {
 public:
  /// It will stand at `address`.
  describer(std::uint64_t address, const object& root) : address_(address) {
    for_each(root, [this](const object& o) {
      for (const auto& a : o.attributes)
        if (const auto* text = std::get_if<std::string>(&a.value)) texts_.push_back(*text);
    });
    if (!texts_.empty()) heap_ = place(heap_of(texts_));
    root_ = place(root);
  }
  std::uint64_t root() const { return root_; }
  const std::string& get() const { return all_.get(); }

 private:
  std::uint64_t place(const std::string& what) {
    const auto here = address_ + all_.size();
    all_.text(what).pad();
    return here;
  }

  std::uint64_t place(const object& o) {
    auto messages = std::visit([this](const auto& content) { return describe(content); }, o.content);
    for (const auto& a : o.attributes) messages.push_back(describe(a));
    return place(object_header(messages));
  }

  std::vector<message> describe(const std::vector<member>& members) {
    auto messages = group_messages();
    for (const auto& m : members) messages.push_back(link_message(m.name, place(m.what)));
    return messages;
  }

  std::vector<message> describe(const table& t) {
    const std::vector<std::uint64_t> extent{t.size};
    const auto data = place(t.data);
    return {space_message(extent, false), type_message(t.of), fill_message(false),
            contiguous_message(data, t.data.size())};
  }

  std::vector<message> describe(const growing_columns* c) {
    std::uint64_t root = nowhere;
    if (const auto places = c->places(); !places.empty())
      place(tree_of(places, c->chunk(), c->of(), address_ + all_.size(), root));
    return {space_message(c->extent(), true), type_message(c->of()), fill_message(c->of() == number::f64),
            chunked_message(root, c->chunk(), c->of())};
  }

  message describe(const attribute& a) {
    if (const auto* text = std::get_if<std::string>(&a.value)) {
      const auto number = static_cast<std::uint32_t>(std::ranges::find(texts_, *text) - texts_.begin() + 1);
      return attribute_message(a.name, type_of_text(), space_of({}), text_value(*text, heap_, number));
    }
    if (const auto* one = std::get_if<choice>(&a.value))
      return attribute_message(a.name, type_of_choice(one->names), space_of({}), bytes().u8(one->place).get());
    if (const auto* single = std::get_if<std::uint32_t>(&a.value))
      return attribute_message(a.name, type_of(number::u32), space_of({}), bytes().u32(*single).get());
    const auto& several = std::get<std::vector<std::uint32_t>>(a.value);
    const std::vector<std::uint64_t> extent{several.size()};
    bytes data;
    for (const auto x : several) data.u32(x);
    return attribute_message(a.name, type_of(number::u32), space_of(extent), data.get());
  }

  std::uint64_t address_, heap_ = nowhere, root_ = nowhere;
  std::vector<std::string> texts_;
  bytes all_;
};

}  // namespace

growing_columns::growing_columns(number of, std::uint32_t rows_of_chunk, std::uint32_t columns_of_chunk)
    : of_(of), rows_of_chunk_(rows_of_chunk), columns_of_chunk_(columns_of_chunk), columns_(is_flat()) {
  expects(size_of(of) == sizeof(std::uint64_t) && rows_of_chunk > 0, "columns grow by values of 64 bits");
}

void growing_columns::put(std::uint64_t row, std::uint64_t column, std::uint64_t bits) {
  const position at{row / rows_of_chunk_, column / width()};
  auto found = pending_.find(at);
  if (found == pending_.end()) {
    expects(!addresses_.contains(at), "rows are put one after the other");
    const auto nothing = of_ == number::f64 ? std::numeric_limits<double>::quiet_NaN() : 0.0;
    bytes empty;
    for (std::uint64_t i = 0; i < rows_of_chunk_ * width(); ++i) empty.u64(std::bit_cast<std::uint64_t>(nothing));
    found = pending_.emplace(at, empty.get()).first;
  }
  const auto place = row % rows_of_chunk_ * width() + column % width();
  std::memcpy(found->second.data() + place * sizeof bits, &bits, sizeof bits);
  rows_ = std::max(rows_, row + 1);
  columns_ = std::max(columns_, column + 1);
}

void growing_columns::write(record_file& to, std::uint64_t& end) {
  for (const auto& [at, content] : pending_) {
    const auto [place, is_new] = addresses_.try_emplace(at, end);
    if (is_new) end += content.size();
    to.write(place->second, content);
  }
}

void growing_columns::forget_written() {
  if (rows_ == 0) return;
  const auto last = (rows_ - 1) / rows_of_chunk_;
  std::erase_if(pending_, [last](const auto& chunk) { return chunk.first.first < last; });
}

std::vector<std::uint64_t> growing_columns::extent() const {
  return is_flat() ? std::vector{rows_} : std::vector{rows_, columns_};
}
std::vector<std::uint32_t> growing_columns::chunk() const {
  return is_flat() ? std::vector{rows_of_chunk_} : std::vector{rows_of_chunk_, columns_of_chunk_};
}

std::vector<chunk_place> growing_columns::places() const {
  std::vector<chunk_place> all;
  for (const auto& [at, address] : addresses_) {
    auto& place = all.emplace_back(chunk_place{{at.first * rows_of_chunk_}, address});
    if (!is_flat()) place.first.push_back(at.second * columns_of_chunk_);
  }
  return all;
}

void file::save(record_file& to, const object& root) {
  try {
    for_each(root, [&](const object& o) {
      if (auto* const* columns = std::get_if<growing_columns*>(&o.content)) (*columns)->write(to, end_);
    });
    const describer next(end_, root);
    to.write(end_, next.get());
    to.write(0, superblock(next.root(), end_ + next.get().size()));
    description_ = next.get();
  } catch (...) {
    // New chunks may stand where the description was, which the head of the file still names.
    if (!description_.empty()) to.write(described_at_, description_);
    throw;
  }
  described_at_ = end_;
  for_each(root, [](const object& o) {
    if (auto* const* columns = std::get_if<growing_columns*>(&o.content)) (*columns)->forget_written();
  });
}

}  // namespace volley::runtime::hdf5
