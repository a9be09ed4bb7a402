// Save and Load. A file has a section for people, one of the kernel, and then the parts of the shards, each from all
// VPs. Parts go to the disk and come from it one at a time, so that neither needs memory for the network twice. Of
// several ranks the first writes, and all read. What is loaded comes beside the network that there is, which is let go
// when the other is complete. Rescaling does both in memory, but for what the kernel knows, which stays.
#include <cstdio>
#include <deque>
#include <utility>

#include "runtime/base/contract.hpp"
#include "runtime/base/error.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/kernel/calls.hpp"
#include "runtime/kernel/checkpoint.hpp"
#include "runtime/kernel/link.hpp"
#include "runtime/kernel/memory.hpp"
#include "runtime/kernel/modules.hpp"
#include "runtime/kernel/network_files.hpp"
#include "runtime/kernel/network_image.hpp"
#include "runtime/kernel/reports.hpp"
#include "runtime/kernel/steps.hpp"
#include "runtime/values/parameter.hpp"

namespace volley::runtime {
namespace {

/// Beside what people read.
struct head {
  dictionary summary;
  std::uint32_t vps = 0;
  step_t now = 0;
  template <class Snapshot> void snapshot(Snapshot& s) { s(summary, vps, now); }
};

/// What one VP has of a part.
struct share {
  saved_part what;
  std::uint32_t vp = 0;
  std::vector<std::byte> bytes;
  template <class Snapshot> void snapshot(Snapshot& s) { s(what, vp, bytes); }
};

void refuse_dry_run(const network& net, const char* call) {
  if (net.options.dry_run)
    throw api_error(error_kind::NotImplemented, std::string(call) + ": a dry run has no network");
}

network_files& files_of(const network& net, const char* call) {
  if (net.options.networks == nullptr)
    throw api_error(error_kind::NotImplemented, std::string(call) + ": this kernel keeps no networks in files");
  refuse_dry_run(net, call);
  return *net.options.networks;
}

// ---- Save

/// A network on its way to a file.
struct saving {
  std::unique_ptr<network_writer> file;         ///< null: another rank writes it
  std::vector<std::uint64_t> connections = {};  ///< by store
  std::deque<saved_part> left = {};             ///< parts that are still to be asked for
};
using saving_ref = std::shared_ptr<saving>;

// Rows go in stretches of sources, of a few MiB each.
constexpr std::uint64_t first_stretch = 256;
constexpr std::size_t small_part = std::size_t{4} << 20, large_part = std::size_t{32} << 20;

/// The sources behind those of `done`, whose rows took so many bytes.
saved_part next_stretch(const saved_part& done, std::size_t bytes) {
  auto sources = done.last - done.first + 1;
  if (bytes < small_part) sources *= 4;
  if (bytes > large_part) sources = std::max<std::uint64_t>(1, sources / 2);
  auto next = done;
  next.first = done.last + 1;
  next.last = done.last + sources;
  return next;
}

void put(network_writer& to, const saved_part& what, std::vector<saved_bytes> by_vp) {
  for (std::uint32_t vp = 0; vp < by_vp.size(); ++vp) to.add(bytes_of(share{what, vp, std::move(by_vp[vp].bytes)}));
}

outcome save_next(network& net, const saving_ref& s) {
  if (s->left.empty()) {
    if (s->file != nullptr) s->file->finish();
    return done(net);
  }
  const auto what = s->left.front();
  s->left.pop_front();
  return tell_shards(net, orders::save_part{what, net.now}, [=, &net](std::vector<reply> replies) -> outcome {
    std::vector<saved_bytes> by_vp;
    std::size_t bytes = 0;
    bool more = false;
    for (auto& one : replies) {
      by_vp.push_back(std::move(std::get<saved_bytes>(one)));
      bytes += by_vp.back().bytes.size();
      more |= by_vp.back().more;
    }
    if (more) s->left.push_front(next_stretch(what, bytes));
    if (what.what == saved_part::kind::common) by_vp.resize(1);  // all say the same
    if (bytes != 0 && s->file != nullptr) put(*s->file, what, std::move(by_vp));
    return save_next(net, s);
  });
}

outcome save_all(network& net, const saving_ref& s) {
  using kind = saved_part::kind;
  if (s->file != nullptr) {
    s->file->add(bytes_of(head{summary_of(net, s->connections), net.n_vps(), net.now}));
    s->file->add(image_of(net));
  }
  s->left = {{kind::common, {}, 0, 0, {}}, {kind::state, {}, 0, 0, {}}};
  for (std::size_t i = 0; i < s->connections.size(); ++i)
    if (s->connections[i] != 0) s->left.push_back({kind::rows, store_ordinal(i), 0, first_stretch - 1, {}});
  for (recorder_ordinal i; i.index() < net.devices.recorders; ++i) s->left.push_back({kind::events, {}, 0, 0, i});
  return save_next(net, s);
}

/// Counts the connections of each store first.
outcome count_next(network& net, const saving_ref& s) {
  const auto known = s->connections.size();
  if (known == net.models.synapses().size()) return save_all(net, s);
  return tell_shards(net, orders::size_of_store{store_ordinal(known)},
                     [=, &net](std::vector<reply> tallies) -> outcome {
                       auto& number = s->connections.emplace_back(0);
                       for (const auto& one : tallies) number += std::get<replies::tally>(one).connections;
                       return count_next(net, s);
                     });
}

// ---- Load

/// A network on its way out of a file.
struct loading {
  std::string path;
  std::unique_ptr<network_reader> file;
  std::uint32_t vps = 0;
  step_t now = 0;
  bool goes_on = false;      ///< it is this kernel's own network, with its settings and recorded files
  std::string no_room = {};  ///< what a user is told then
  /// The shards have taken the network; what they count.
  std::function<outcome(const std::vector<reply>&)> arrived = {};
  std::function<outcome(std::exception_ptr)> failed = {};
};
using loading_ref = std::shared_ptr<loading>;

[[noreturn]] void refuse(const loading& l, const std::string& why) {
  throw api_error(error_kind::IOError, "Load: \"" + l.path + "\" " + why);
}
[[noreturn]] void refuse_content(const loading& l) {
  refuse(l, "is whole, but what it holds does not fit together: it is none that this build has written");
}

/// Calls read(), for which bytes that are no such thing are a fault of the file.
template <class Read> auto reading(const loading& l, Read&& read) {
  try {
    return read();
  } catch (const std::invalid_argument&) {
    refuse_content(l);
  }
}

std::vector<std::byte> section_of(loading& l) {
  auto section = l.file->next();
  if (!section) refuse_content(l);
  return std::move(*section);
}

/// What all VPs saved of the next part; nothing behind the last.
std::optional<orders::load_part> part_of(loading& l) {
  orders::load_part part;
  for (std::uint32_t vp = 0; vp < l.vps; ++vp) {
    auto section = l.file->next();
    if (!section && vp == 0) return std::nullopt;
    if (!section) refuse_content(l);
    auto mine = reading(l, [&] { return object_of<share>(*section); });
    if (vp == 0) part.what = mine.what;
    if (mine.vp != vp || !(mine.what == part.what)) refuse_content(l);
    part.by_vp.push_back(std::move(mine.bytes));
  }
  return part;
}

/// What has come is let go; the call fails.
outcome give_up(network& net, const loading_ref& l, std::exception_ptr why) {
  const auto failed = [=](const auto&) -> outcome { return l->failed(why); };
  return tell_shards(net, orders::forget_loaded{}, failed, failed);
}

/// Orders of a load, each after the one before.
outcome tell_of_load(network& net, order what, const loading_ref& l, std::function<outcome(std::vector<reply>)> then) {
  return tell_shards(
      net, std::move(what),
      [=, &net](std::vector<reply> replies) -> outcome {
        try {
          return then(std::move(replies));
        } catch (...) {
          return give_up(net, l, std::current_exception());
        }
      },
      [=, &net](const refusal& why) -> outcome {
        if (why.no_memory)
          return give_up(net, l, std::make_exception_ptr(api_error(error_kind::MemoryError, l->no_room)));
        try {
          if (why.kind != error_kind::InternalError) std::rethrow_exception(exception_of(why));
          refuse_content(*l);
        } catch (...) {
          return give_up(net, l, std::current_exception());
        }
      });
}

outcome load_next(network& net, const loading_ref& l) {
  if (auto part = part_of(*l))
    return tell_of_load(net, std::move(*part), l, [=, &net](const auto&) { return load_next(net, l); });
  return tell_of_load(net, orders::become_loaded{}, l,
                      [=](const std::vector<reply>& tallies) -> outcome { return l->arrived(tallies); });
}

/// The shards take what the kernel knows as `what`.
outcome begin_load(network& net, const loading_ref& l, const network& what) {
  const auto common = reading(*l, [&] { return object_of<share>(section_of(*l)); });
  if (l->vps == 0 || l->now != what.now || common.what.what != saved_part::kind::common) refuse_content(*l);
  return tell_of_load(net, orders::begin_load{l->vps, l->now, neurons_of(what), common.bytes, l->goes_on}, l,
                      [=, &net](const auto&) { return load_next(net, l); });
}

void count(network& net, const std::vector<reply>& tallies) {
  note_connections(net, tallies);
  net.spikes_total = summed(net, tallies).spikes;
}

outcome begin_load(network& net, const loading_ref& l) {
  const auto what = reading(*l, [&] { return object_of<head>(section_of(*l)); });
  l->vps = what.vps;
  l->now = what.now;
  const std::shared_ptr<network> made = reading(*l, [&] { return network_of(section_of(*l), net, l->goes_on); });
  require_memory(net, made->size.bytes(rows(*made)), "Load: the network of \"" + l->path + "\"");
  l->no_room = "Load: the machine has no memory for the network of \"" + l->path +
               "\" beside the one there is; ResetKernel lets that go";
  l->failed = [&net](const std::exception_ptr& why) -> outcome { return failure(net, why); };
  l->arrived = [&net, made, goes_on = l->goes_on](const auto& tallies) -> outcome {
    std::swap(net, *made);
    count(net, tallies);
    if (goes_on) reopen_reports(net);
    return done(net);
  };
  return begin_load(net, l, *made);
}

// ---- on another number of VPs

using sections = std::vector<std::vector<std::byte>>;

class sections_writer final : public network_writer {
 public:
  explicit sections_writer(std::shared_ptr<sections> to) : to_(std::move(to)) {}
  void add(std::span<const std::byte> section) override { to_->emplace_back(section.begin(), section.end()); }
  void finish() override {}

 private:
  const std::shared_ptr<sections> to_;
};

class sections_reader final : public network_reader {
 public:
  explicit sections_reader(std::shared_ptr<const sections> from) : from_(std::move(from)) {}
  std::optional<std::vector<std::byte>> next() override {
    if (next_ == from_->size()) return std::nullopt;
    return (*from_)[next_++];
  }

 private:
  const std::shared_ptr<const sections> from_;
  std::size_t next_ = 0;
};

/// Empty shards on so many VPs take the network of `all`. Where there is no room for it, those of before do, and the
/// call fails with `why_back`.
outcome put_on(network& net, std::uint32_t vps, const std::shared_ptr<sections>& all,
               const std::exception_ptr& why_back = nullptr) {
  const auto l = std::make_shared<loading>(loading{"memory", std::make_unique<sections_reader>(all)});
  l->vps = object_of<head>(section_of(*l)).vps;
  l->now = net.now;
  l->no_room = "rescale: the machine has no memory for the network on " + std::to_string(vps) + " virtual processes";
  section_of(*l);  // what the kernel knows
  net.settings.total_num_virtual_procs = vps;
  ++net.shard_epoch;
  l->arrived = [=, &net](const auto& tallies) -> outcome {
    count(net, tallies);
    net.require(shard_work::prepare);
    net.state = run_state::at_rest;  // a worker may have been lost meanwhile
    return why_back ? failure(net, why_back) : done(net);
  };
  l->failed = [=, &net, before = l->vps](const std::exception_ptr& why) -> outcome {
    if (!why_back) return put_on(net, before, all, why);
    net.state = run_state::lost;
    net.lost_because = "its virtual processes have no room for it any more";
    return failure(net, why_back);
  };
  return begin_load(net, l, net);
}

}  // namespace

outcome save_checkpoint(network& net, std::unique_ptr<network_writer> to) {
  require_runnable(net);
  return when_built(net, [=, file = std::make_shared<saving>(saving{std::move(to)}), &net]() -> outcome {
    return count_next(net, file);
  });
}

outcome load_checkpoint(network& net, const kept_kernel& as, std::unique_ptr<network_reader> from) {
  network fresh(net.options, *net.build_catalog);
  fresh.settings.total_num_virtual_procs = as.vps;
  fresh.generation = as.generation - 1;  // which loading counts
  fresh.shard_epoch = net.shard_epoch + 1;
  const auto catalog = load_modules(fresh, as.modules);
  std::swap(net, fresh);
  auto l = std::make_shared<loading>(loading{"checkpoint", std::move(from)});
  l->goes_on = true;
  return install(net, catalog, [=, &net] { return begin_load(net, l); });
}

outcome begin(network& net, const api::save& c) {
  require_runnable(net);
  auto& files = files_of(net, "Save");
  return when_built(net, [=, &files, &net]() -> outcome {
    auto file = net.options.rank.is_first() ? files.create(c.path, net.settings.overwrite_files) : nullptr;
    return count_next(net, std::make_shared<saving>(saving{std::move(file)}));
  });
}

outcome begin(network& net, const api::load& c) {
  require_alive(net);
  auto& files = files_of(net, "Load");
  return begin_load(net, std::make_shared<loading>(loading{c.path, files.open(c.path)}));
}

// Files of recorders go by VPs: none may be open.
outcome begin(network& net, const api::rescale& c) {
  require_runnable(net);
  refuse_dry_run(net, "rescale");
  if (net.state == run_state::prepared)
    throw api_error(error_kind::KernelException, "rescale: not between Prepare and Cleanup");
  if (rescaled(net.settings, c.vps) == net.settings) return done(net);
  auto place = rows(net);
  place.vps = static_cast<std::uint32_t>(c.vps);
  require_memory(net, net.size.bytes(place), "rescale: so many virtual processes");
  return when_built(net, [=, &net]() -> outcome {
    const auto all = std::make_shared<sections>();
    const auto s = std::make_shared<saving>(saving{std::make_unique<sections_writer>(all)});
    return and_then(count_next(net, s), [=, &net](api::answer saved) -> outcome {
      if (std::holds_alternative<api::failed_call>(saved.outcome)) return saved;
      return put_on(net, static_cast<std::uint32_t>(c.vps), all);
    });
  });
}

outcome begin(network& net, const api::describe_saved& c) {
  loading l{c.path, files_of(net, "DescribeSaved").open(c.path)};
  return done(net, value(reading(l, [&] { return object_of<head>(section_of(l)); }).summary));
}

}  // namespace volley::runtime
