#include "runtime/shard/weight_listener.hpp"

#include "runtime/base/halves.hpp"

namespace volley::runtime {
namespace {

/// Whether a recorder's set of nodes lets one through.
bool wants(const node_set& nodes, std::uint64_t id) { return nodes.empty() || nodes.contains(id); }

}  // namespace

bool weight_listener::listen(std::uint64_t source, step_t stamp) {
  if (!recorder_.listens(stamp) || !wants(recorder_.spec().senders, source)) return false;
  source_ = source;
  stamp_ = stamp;
  row_ = reader_.read_all(source);
  return true;
}

void weight_listener::transmitted(std::size_t n, double weight) {
  const row_entry& e = row_[n];
  if (!wants(recorder_.spec().targets, e.name.target)) return;
  const segment& r = rows_.row(source_)[e.segment];
  recorder_.weight(stamp_, low_half(source_), e.name.target, targets_.receptor(rows_.slot(r, e.at), r.is_current()),
                   e.name.number, weight);
}

}  // namespace volley::runtime
