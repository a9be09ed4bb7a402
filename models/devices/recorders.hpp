// Devices that record: spikes, states of binary neurons, sampled state, and the weights that synapses transmit.
#pragma once
#include <string>

#include "models/core/device.hpp"
#include "models/core/setting.hpp"

namespace volley::devices {

struct spike_recorder {
  struct params : models::recording {};
  static constexpr std::string_view name = "spike_recorder";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::spikes;
  static constexpr std::string_view meaning = "records the spikes of the nodes that are connected to it";
  static constexpr auto fields = models::recording_fields<params>;
};

struct spin_detector {
  struct params : models::recording {};
  static constexpr std::string_view name = "spin_detector";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::states;
  static constexpr std::string_view meaning = "records the states that binary neurons take: 1 by two spikes, 0 by one";
  static constexpr auto fields = models::recording_fields<params>;
  static void check(const models::setting& s, const params& p) {
    if (p.record_to == "sonata") s.refuse("record_to sonata takes spikes and samples, no states");
  }
};

struct sampling : models::recording {
  double interval = 1.0, offset = 0.0;
  std::vector<std::string> record_from;
};

template <class P> constexpr auto sampling_fields = models::join<P>(
    models::recording_fields<P>,
    std::array<models::device_field<P>, 3>{{
        {"interval", &P::interval, "ms", "time between samples", models::bound::none, models::access::unconnected},
        {"offset", &P::offset, "ms", "time of the first sample; 0: after one interval", models::bound::none,
         models::access::unconnected},
        {"record_from", &P::record_from, "", "names of the quantities to sample", models::bound::none,
         models::access::unconnected},
    }});

inline void check_sampling(const models::setting& s, sampling& p) {
  s.put_on_grid("interval", p.interval, models::steps::from_1);
  s.put_on_grid("offset", p.offset, models::steps::from_0);
  if (p.record_to == "sonata" && p.record_from.size() > 1)
    s.refuse("record_to sonata takes one quantity, but record_from has " + std::to_string(p.record_from.size()) +
             "; make a meter for each");
}

inline void follow_grid_of_samples(sampling& p, const models::time_grid& time) {
  p.interval = time.to_ms(time.steps_up(p.interval));
}

struct multimeter {
  struct params : sampling {};
  static constexpr std::string_view name = "multimeter";
  static constexpr auto output = models::device_output::requests;
  static constexpr auto records = models::recorder_kind::samples;
  static constexpr std::string_view meaning = "samples state variables of the nodes it is connected to";
  static constexpr auto fields = sampling_fields<params>;
  static void check(const models::setting& s, params& p) { check_sampling(s, p); }
  static void follow_grid(params& p, const models::time_grid& time) { follow_grid_of_samples(p, time); }
};

struct voltmeter {
  struct params : sampling {
    params() { record_from = {"V_m"}; }
  };
  static constexpr std::string_view name = "voltmeter";
  static constexpr auto output = models::device_output::requests;
  static constexpr auto records = models::recorder_kind::samples;
  static constexpr std::string_view meaning = "samples the membrane potential of the nodes it is connected to";
  static constexpr auto fields = sampling_fields<params>;
  static void check(const models::setting& s, params& p) { check_sampling(s, p); }
  static void follow_grid(params& p, const models::time_grid& time) { follow_grid_of_samples(p, time); }
};

struct weight_recorder {
  struct params : models::recording {
    models::node_list senders, targets;
  };
  static constexpr std::string_view name = "weight_recorder";
  static constexpr auto output = models::device_output::nothing;
  static constexpr auto records = models::recorder_kind::weights;
  static constexpr std::string_view meaning = "records the weights that the synapses of a model transmit";
  static constexpr auto fields =
      models::join<params>(models::recording_fields<params>,
                           std::array<models::device_field<params>, 2>{{
                               {"senders", &params::senders, "", "record only from these sources; empty: all"},
                               {"targets", &params::targets, "", "record only to these targets; empty: all"},
                           }});
  static void check(const models::setting& s, const params& p) {
    if (p.record_to == "sonata") s.refuse("record_to sonata takes spikes and samples, no weights");
  }
};

}  // namespace volley::devices
