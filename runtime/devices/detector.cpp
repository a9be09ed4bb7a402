#include "runtime/devices/detector.hpp"

#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {

/// The parameters of D, what follows from them, and what it made with them.
template <class D> struct detecting {
  parameters_of<D> params;
  typename D::in_steps steps;
  typename D::state state;
  template <class Snapshot> void snapshot(Snapshot& s) { s(params, state); }
};

template <class List, class... Some> struct detecting_of;
template <class... Some> struct detecting_of<devices::device_list<>, Some...> {
  using type = std::variant<detecting<Some>...>;
};
template <class D, class... Rest, class... Some> struct detecting_of<devices::device_list<D, Rest...>, Some...>
    : std::conditional_t<is_detecting<D>, detecting_of<devices::device_list<Rest...>, Some..., D>,
                         detecting_of<devices::device_list<Rest...>, Some...>> {};

struct detector::variant {
  detecting_of<devices::all>::type one;
};

namespace {

value shown_results(const std::vector<double>& numbers) { return numbers; }
value shown_results(const std::vector<std::int64_t>& numbers) { return numbers; }
/// By channel, channel and bin, all of one length.
value shown_results(const std::vector<double>& numbers, std::size_t channels) {
  const auto bins = numbers.size() / (channels * channels);
  std::vector<value> matrices;
  for (std::size_t i = 0; i < channels; ++i) {
    const auto first = numbers.begin() + static_cast<std::ptrdiff_t>(i * channels * bins);
    matrices.emplace_back(matrix{channels, bins, {first, first + static_cast<std::ptrdiff_t>(channels * bins)}});
  }
  return matrices;
}

}  // namespace

detector::detector() : any_(std::make_unique<variant>()) {}

detector::detector(const device_params& params, const time_grid& time)
    : time_(time), any_(std::make_unique<variant>()) {
  std::visit(
      [this]<class D>(const parameters_of<D>& p) {
        if constexpr (is_detecting<D>)
          any_->one = detecting<D>{p, {}, {}};
        else
          expects(false, "only a detector has results");
      },
      params.any());
  calibrate();
}

detector::detector(const detector& other)
    : time_(other.time_),
      has_room_(other.has_room_),
      is_open_(other.is_open_),
      any_(std::make_unique<variant>(*other.any_)) {}
detector::detector(detector&&) noexcept = default;
detector& detector::operator=(const detector& other) { return *this = detector(other); }
detector& detector::operator=(detector&&) noexcept = default;
detector::~detector() = default;

void detector::calibrate() {
  std::visit([this]<class D>(detecting<D>& d) { d.steps = D::calibrate(d.params, time_); }, any_->one);
}

void detector::make_room() {
  std::visit([]<class D>(detecting<D>& d) { d.state = D::begin(d.steps); }, any_->one);
  has_room_ = true;
}

detector detector::without_results() const {
  detector empty = *this;
  std::visit([]<class D>(detecting<D>& d) { d.state = {}; }, empty.any_->one);
  empty.has_room_ = false;
  return empty;
}

void detector::follow(const detector& before, bool anew) {
  is_open_ = before.is_open_;
  const bool goes_on = std::visit(
      [&]<class D>(const detecting<D>& d) {
        const auto* const theirs = std::get_if<detecting<D>>(&before.any_->one);
        return theirs != nullptr && d.steps.has_shape_of(theirs->steps);
      },
      any_->one);
  if (anew || !goes_on) make_room();
}

void detector::take(detector&& before) noexcept {
  if (has_room_) return;
  std::visit(
      [&]<class D>(detecting<D>& d) {
        if (auto* const theirs = std::get_if<detecting<D>>(&before.any_->one)) d.state = std::move(theirs->state);
      },
      any_->one);
  has_room_ = std::exchange(before.has_room_, false);
}

void detector::hear(const models::heard_spikes& spikes) {
  std::visit(
      [&]<class D>(detecting<D>& d) {
        expects(has_room_ && spikes.receptor < D::receptors(d.params), "a detector hears on its receptors");
        D::hear(d.steps, d.state, spikes);
      },
      any_->one);
}

void detector::forget(step_t upto) {
  if (has_room_) std::visit([=]<class D>(detecting<D>& d) { D::forget(d.steps, d.state, upto); }, any_->one);
}

std::uint32_t detector::repeated(step_t stamp) const {
  return std::visit(
      [=]<class D>(const detecting<D>& d) -> std::uint32_t {
        if constexpr (requires { &D::repeated; })
          return D::repeated(d.state, stamp);
        else
          return 0;
      },
      any_->one);
}

std::optional<double> detector::copy_probability() const {
  return std::visit(
      []<class D>(const detecting<D>& d) -> std::optional<double> {
        if constexpr (requires { &D::copy_probability; })
          return D::copy_probability(d.params);
        else
          return {};
      },
      any_->one);
}

dictionary detector::results() const {
  return std::visit(
      [this]<class D>(const detecting<D>& d) {
        dictionary all;
        const auto show = [&](std::string_view name, const auto&... numbers) { all[name] = shown_results(numbers...); };
        D::show(d.params, is_open_ ? d.state : typename D::state(), show);
        return all;
      },
      any_->one);
}

std::uint64_t detector::bytes() const {
  if (!has_room_) return 0;
  return std::visit(
      []<class D>(const detecting<D>& d) {
        return static_cast<std::uint64_t>(D::numbers(d.params)) * sizeof(double) + D::bytes_of_recent(d.state);
      },
      any_->one);
}

void detector::snapshot(snapshot_writer& s) const { s(time_, has_room_, is_open_, any_->one); }

void detector::snapshot(snapshot_reader& s) {
  s(time_, has_room_, is_open_, any_->one);
  calibrate();
  const bool fits = std::visit(
      [this]<class D>(const detecting<D>& d) {
        const double numbers = D::numbers(d.params);
        const bool can_be = numbers >= 1 && numbers <= devices::most_numbers && D::receptors(d.params) >= 1;
        return can_be && (!has_room_ || D::fits(d.steps, d.state));
      },
      any_->one);
  if (!fits) s.refuse();
}

}  // namespace volley::runtime
