#include "runtime/devices/generator_trains.hpp"

#include <algorithm>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"

namespace volley::runtime {

void generator_trains::states::fit(const stimulator& device, std::size_t trains) {
  const auto size = device.train_size() * trains;
  if (numbers.size() == size && since == device.trains_since()) return;
  numbers.assign(size, 0);
  since = device.trains_since();
}

void generator_trains::rebuild(std::vector<connections> inputs,
                               table_view<stimulator_ordinal, const stimulator> devices) {
  const bool same = std::ranges::equal(inputs, inputs_, {}, {}, &input::of);
  if (!same) {
    const auto before = std::exchange(inputs_, {});
    for (auto& of : inputs) inputs_.push_back({std::move(of), {}});
    take_over(before);
  }
  for (auto& [of, kept] : inputs_)
    if (!of.targets.empty()) kept.fit(devices[of.device], of.targets.size());
}

void generator_trains::take_over(const std::vector<input>& before) {
  struct place {
    train_key train;
    const input* of;
    std::size_t number;
  };
  std::vector<place> known;
  for (const auto& old : before)
    for (std::size_t i = 0; i < old.of.targets.size(); ++i)
      known.push_back({{old.of.device, old.of.targets[i], old.of.multapse}, &old, i});
  std::ranges::sort(known, {}, &place::train);
  for (auto& [of, kept] : inputs_) {
    std::size_t size = 0;  // of a state
    for (std::size_t i = 0; i < of.targets.size(); ++i) {
      const train_key train{of.device, of.targets[i], of.multapse};
      const auto was = std::ranges::lower_bound(known, train, {}, &place::train);
      if (was == known.end() || was->train != train) continue;
      const auto& from = was->of->kept;
      if (kept.numbers.empty()) {
        size = from.numbers.size() / was->of->of.targets.size();
        kept.since = from.since;
        kept.numbers.resize(size * of.targets.size());
      }
      if (from.numbers.size() != size * was->of->of.targets.size()) continue;
      std::copy_n(from.numbers.begin() + static_cast<std::ptrdiff_t>(was->number * size), size,
                  kept.numbers.begin() + static_cast<std::ptrdiff_t>(i * size));
    }
  }
}

void generator_trains::add(const generator_trains& others, const layout& here) {
  for (const auto& [of, kept] : others.inputs_) {
    const auto n = of.targets.size();
    if (n == 0) continue;
    const auto size = kept.numbers.size() / n;
    if (size * n != kept.numbers.size()) snapshot_reader::refuse();
    input mine{{of.device, of.multapse, {}}, {kept.since, {}}};
    for (std::size_t i = 0; i < n; ++i) {
      if (!here.holds(of.targets[i])) continue;
      mine.of.targets.push_back(of.targets[i]);
      const auto first = kept.numbers.begin() + static_cast<std::ptrdiff_t>(i * size);
      mine.kept.numbers.insert(mine.kept.numbers.end(), first, first + static_cast<std::ptrdiff_t>(size));
    }
    if (!mine.of.targets.empty()) inputs_.push_back(std::move(mine));
  }
  for (const auto& [train, kept] : others.heard_)
    if (here.holds(train.target)) heard_.emplace(train, kept);
}

std::span<const std::int32_t> generator_trains::step(std::size_t input, const stimulator& device, std::uint32_t seed,
                                                     step_t emission) {
  expects(input < inputs_.size(), "inputs with trains were told of");
  auto& [of, kept] = inputs_[input];
  counts_.resize(of.targets.size());
  if (!device.step_trains(emission, seed, {of.targets, of.multapse, kept.numbers}, counts_, &times_)) return {};
  return counts_;
}

std::uint32_t generator_trains::step(const train_key& train, const stimulator& device, std::uint32_t seed,
                                     step_t emission) {
  auto& kept = heard_[train];
  kept.fit(device, 1);
  std::int32_t count = 0;
  device.step_trains(emission, seed, {{&train.target, 1}, train.multapse, kept.numbers}, {&count, 1}, &times_);
  return static_cast<std::uint32_t>(count);
}

std::size_t generator_trains::bytes() const {
  std::size_t all = 0;
  for (const auto& [of, kept] : inputs_)
    all += of.targets.capacity() * sizeof(std::uint32_t) + kept.numbers.capacity() * sizeof(double);
  return all;
}

}  // namespace volley::runtime
