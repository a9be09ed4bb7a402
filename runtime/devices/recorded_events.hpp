// What a recorder has recorded, as users see it.
#pragma once
#include <vector>

#include "runtime/devices/event_log.hpp"
#include "runtime/devices/recorder.hpp"
#include "runtime/values/value.hpp"

namespace volley::runtime {

/// The dictionary "events" of a recorder, from its shares on all VPs, or a part of it.
dictionary events_of(const std::vector<const event_log*>& shares, const recorder_spec& spec, const time_grid& time,
                     const event_window& window = {});

}  // namespace volley::runtime
