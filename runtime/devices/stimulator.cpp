#include "runtime/devices/stimulator.hpp"

#include <algorithm>

#include "runtime/base/contract.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/devices/built_in_devices.hpp"

namespace volley::runtime {

/// The parameters of D and what follows from them.
template <class D> struct emitter_with {
  parameters_of<D> params;
  typename D::derived derived;
  template <class Snapshot> void snapshot(Snapshot& s) { s(params); }
};

template <class List, class... Some> struct emitter_of;
template <class... Some> struct emitter_of<devices::device_list<>, Some...> {
  using type = std::variant<emitter_with<Some>...>;
};
template <class D, class... Rest, class... Some> struct emitter_of<devices::device_list<D, Rest...>, Some...>
    : std::conditional_t<is_stimulating<D>, emitter_of<devices::device_list<Rest...>, Some..., D>,
                         emitter_of<devices::device_list<Rest...>, Some...>> {};

struct stimulator::emitter {
  emitter_of<devices::all>::type any;
};

stimulator::stimulator() : emitter_(std::make_unique<emitter>()) {}

stimulator::stimulator(std::uint64_t id, const device_params& params, const time_grid& time, bool frozen)
    : id_(id), time_(time), frozen_(frozen), emitter_(std::make_unique<emitter>()) {
  std::visit(
      [this]<class D>(const parameters_of<D>& p) {
        if constexpr (is_stimulating<D>)
          emitter_->any = emitter_with<D>{p, {}};
        else
          expects(false, "a recorder emits nothing");
      },
      params.any());
  calibrate();
}

stimulator::stimulator(const stimulator& other)
    : id_(other.id_),
      time_(other.time_),
      frozen_(other.frozen_),
      emitter_(std::make_unique<emitter>(*other.emitter_)),
      window_(other.window_),
      has_train_(other.has_train_) {}
stimulator::stimulator(stimulator&&) noexcept = default;
stimulator& stimulator::operator=(const stimulator& other) { return *this = stimulator(other); }
stimulator& stimulator::operator=(stimulator&&) noexcept = default;
stimulator::~stimulator() = default;

void stimulator::snapshot(snapshot_writer& s) const { s(id_, time_, frozen_, emitter_->any); }

void stimulator::snapshot(snapshot_reader& s) {
  s(id_, time_, frozen_, emitter_->any);
  calibrate();
}

void stimulator::calibrate() {
  std::visit(
      [this]<class D>(emitter_with<D>& e) {
        window_ = models::window_of(e.params, time_);
        e.derived = D::calibrate(e.params, time_);
        has_train_ = emits_train<D>;
      },
      emitter_->any);
}

const std::vector<timed_spike>* stimulator::train() const {
  if (!has_train_) return nullptr;
  return std::visit(
      []<class D>(const emitter_with<D>& e) -> const std::vector<timed_spike>* {
        if constexpr (emits_train<D>)
          return &D::train(e.derived);
        else
          return nullptr;
      },
      emitter_->any);
}

std::vector<timed_spike> stimulator::emitted(step_t after, step_t upto) const {
  std::vector<timed_spike> spikes;
  if (frozen_) return spikes;
  const auto& all = *train();
  auto next = std::ranges::upper_bound(all, after, {}, &timed_spike::stamp);
  for (; next != all.end() && next->stamp <= upto; ++next)
    if (window_.contains(next->stamp)) spikes.push_back(*next);
  return spikes;
}

double stimulator::mean_count(step_t emission) const {
  if (frozen_ || !window_.contains(emission + 1)) return 0;
  return std::visit(
      [=]<class D>(const emitter_with<D>& e) -> double {
        if constexpr (emits_counts<D>)
          return D::mean_count(e.params, e.derived, emission + 1);
        else
          return 0;
      },
      emitter_->any);
}

bool stimulator::is_shared() const {
  return std::visit(
      []<class D>(const emitter_with<D>& e) {
        if constexpr (requires { D::is_shared(e.params); })
          return D::is_shared(e.params);
        else
          return false;
      },
      emitter_->any);
}

models::normal_draw stimulator::drawn_current(step_t emission) const {
  return std::visit(
      [=, this]<class D>(const emitter_with<D>& e) -> models::normal_draw {
        if constexpr (draws_current<D>)
          return D::drawn_current(e.params, e.derived, window_, emission);
        else if constexpr (emits_current<D>)
          return {emission, D::current(e.params, e.derived, emission + 1), 0};
        else
          return {};
      },
      emitter_->any);
}

double stimulator::current(step_t emission) const {
  return current_is_active(emission) ? drawn_current(emission).mean : 0.0;
}

double stimulator::recorded(step_t stamp) const {
  return std::visit(
      [=, this]<class D>(const emitter_with<D>& e) {
        if constexpr (requires { &D::recorded; })
          return frozen_ ? 0.0 : D::recorded(e.params, e.derived, stamp);
        else
          return current(stamp - 1);
      },
      emitter_->any);
}

step_t stimulator::active_updates(step_t from, step_t to) const {
  if (frozen_) return 0;
  return std::max<step_t>(0, std::min(to, end_of_currents(window_)) - std::max(from, first_current(window_)));
}

}  // namespace volley::runtime
