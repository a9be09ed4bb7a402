#include "runtime/devices/stimulator.hpp"

#include <algorithm>

#include "models/core/draw_sequence.hpp"
#include "runtime/base/contract.hpp"
#include "runtime/base/halves.hpp"
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
      kind_(other.kind_),
      is_shared_(other.is_shared_),
      has_times_(other.has_times_) {}
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
        kind_ = emits_train<D>    ? kind::train
                : emits_counts<D> ? kind::counts
                : steps_trains<D> ? kind::trains
                : emits_pulses<D> ? kind::pulses
                                  : kind::current;
        is_shared_ = runtime::is_shared<D>(e.params);
        has_times_ = emits_times<D>;
      },
      emitter_->any);
}

const std::vector<timed_spike>* stimulator::train() const {
  if (kind_ != kind::train) return nullptr;
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
    if (is_active(next->stamp)) spikes.push_back(*next);
  return spikes;
}

double stimulator::mean_count(step_t emission) const {
  if (!is_active(emission + 1)) return 0;
  return std::visit(
      [=]<class D>(const emitter_with<D>& e) -> double {
        if constexpr (emits_counts<D>)
          return D::mean_count(e.params, e.derived, emission + 1);
        else
          return 0;
      },
      emitter_->any);
}

double stimulator::copy_probability() const {
  return std::visit(
      []<class D>(const emitter_with<D>& e) -> double {
        if constexpr (requires { D::copy_probability(e.params); })
          return D::copy_probability(e.params);
        else
          return 1;
      },
      emitter_->any);
}

std::size_t stimulator::train_size() const {
  return std::visit(
      []<class D>(const emitter_with<D>& e) -> std::size_t {
        if constexpr (steps_trains<D>)
          return D::train_size(e.params, e.derived);
        else
          return 0;
      },
      emitter_->any);
}

step_t stimulator::trains_since() const {
  return std::visit(
      []<class D>(const emitter_with<D>& e) -> step_t {
        if constexpr (requires { D::trains_since(e.params); })
          return D::trains_since(e.params);
        else
          return 0;
      },
      emitter_->any);
}

namespace {

/// Of the word that a stamp's high bits and the number of a draw share: those of the stamp. There are 2^44 steps for
/// trains, and 2^20 blocks a step.
constexpr int stamp_bits = 12;

/// What tells the draws of a train at one step from others.
struct train_site {
  models::random_key key;
  std::uint32_t target, multapse;
  std::uint64_t stamp;
};

template <class D> std::uint32_t emit_step(const emitter_with<D>& e, double drive, std::span<double> train,
                                           const train_site& at, std::vector<double>& offsets_ms) {
  if constexpr (emits_times<D>) {
    return D::emit(e.params, e.derived, drive, train, models::train_draws(at.key, at.target, at.multapse), offsets_ms);
  } else {
    models::draw_sequence draws(at.key, {at.target, low_half(at.stamp), high_half(at.stamp), at.multapse}, 2,
                                1u << stamp_bits);
    return D::emit(e.params, e.derived, drive, train, draws);
  }
}

}  // namespace

bool stimulator::step_trains(step_t emission, std::uint32_t seed, const train_states& trains,
                             std::span<std::int32_t> counts, std::vector<train_spike>* times) const {
  if (times != nullptr) times->clear();
  if (!is_active(emission + 1)) return false;
  const models::random_key key{seed, models::purpose::generator_train, low_half(id_)};
  return std::visit(
      [&]<class D>(const emitter_with<D>& e) -> bool {
        if constexpr (steps_trains<D>) {
          const double drive = D::drive(e.params, e.derived, emission + 1);
          if (drive == 0) return false;
          const auto size = D::train_size(e.params, e.derived);
          expects(trains.numbers.size() == size * trains.targets.size() && counts.size() == trains.targets.size(),
                  "trains have the states of their device");
          std::uint32_t spiked = 0;
          std::vector<double> offsets_ms;
          for (std::size_t i = 0; i < counts.size(); ++i) {
            const auto n = emit_step(
                e, drive, trains.numbers.subspan(i * size, size),
                {key, trains.targets[i], trains.multapse, static_cast<std::uint64_t>(emission + 1)}, offsets_ms);
            if (times != nullptr)
              for (const double ms : offsets_ms) times->push_back({static_cast<std::uint32_t>(i), ms});
            offsets_ms.clear();
            counts[i] = static_cast<std::int32_t>(n);
            spiked |= n;
          }
          return spiked != 0;
        } else {
          return false;
        }
      },
      emitter_->any);
}

namespace {

/// The times of a generator's pulses, and the greatest distance of a spike from its own.
struct pulse_plan {
  std::span<const double> times_ms;
  double reach_ms = 0;
};

template <class D> pulse_plan plan_of(const emitter_with<D>& e) {
  if constexpr (emits_pulses<D>)
    return {D::pulses(e.derived), D::reach_ms(e.params)};
  else
    return {};
}

}  // namespace

std::size_t stimulator::n_pulses() const {
  return std::visit([](const auto& e) { return plan_of(e).times_ms.size(); }, emitter_->any);
}

step_t stimulator::opens(std::size_t pulse) const {
  const auto plan = std::visit([](const auto& e) { return plan_of(e); }, emitter_->any);
  return time_.steps_down(plan.times_ms[pulse] - plan.reach_ms);
}

step_t stimulator::closes(std::size_t pulse) const {
  const auto plan = std::visit([](const auto& e) { return plan_of(e); }, emitter_->any);
  return time_.steps_up(plan.times_ms[pulse] + plan.reach_ms) + 1;
}

void stimulator::draw_pulse(std::size_t pulse, std::uint32_t seed,
                            const std::function<void(step_t, std::uint32_t)>& add) const {
  std::visit(
      [&]<class D>(const emitter_with<D>& e) {
        if constexpr (emits_pulses<D>) {
          const std::span times = D::pulses(e.derived);
          const auto tics_of = [this](double ms) { return time_.tics(ms); };
          const auto tics = tics_of(times[pulse]);
          const auto first = std::ranges::lower_bound(times, tics, {}, tics_of) - times.begin();
          const auto number = static_cast<std::uint32_t>(pulse - static_cast<std::size_t>(first));
          const auto at = static_cast<std::uint64_t>(tics);
          models::draw_sequence draws({seed, models::purpose::generator_pulse, low_half(id_)},
                                      {low_half(at), high_half(at), number, 0}, 3);
          D::draw_pulse(e.params, e.derived, times[pulse], draws, add);
        }
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
