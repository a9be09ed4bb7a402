// Reports: files that have the events of all VPs. Shards keep the events of such a recorder until a stretch of
// simulation has ended; then they are written here, in one order.
#pragma once
#include <functional>

#include "runtime/kernel/network.hpp"
#include "runtime/kernel/outcome.hpp"

namespace volley::runtime {

/// Opens the files of all recorders that write reports. A file that a recorder made earlier goes on.
/// Errors: IOError when somebody else's is there and may not be overwritten, or the disk refuses; none is open then.
void open_reports(network&);

/// Some are, and take their events when a stretch ends.
bool has_open_reports(const network&);

/// Goes on with `then` once all events are in the files that are open, and nowhere else. The call fails with IOError
/// where the disk refuses; the events come with the next that it takes.
outcome write_reports(network&, std::function<outcome()> then);

void close_reports(network&);

/// Those that were open where the network was saved go on from there. Errors: IOError where a file is gone.
void reopen_reports(network&);

}  // namespace volley::runtime
