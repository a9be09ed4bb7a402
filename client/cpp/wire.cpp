#include "client/cpp/wire.hpp"

#include "client/cpp/wire_values.hpp"
#include "protocol/api.capnp.h"
#include "protocol/release.hpp"

namespace volley::client::wire {
namespace p = volley::protocol;
namespace {

/// The body of a request whose union `fill` sets.
template <class Fill> body request(Fill fill) try {
  return p::write_message<p::Request>(fill);
} catch (const p::oversized& fault) {
  throw error("builtins.MemoryError",
              std::string("the call's arguments are too large for one request: ") + fault.what());
}

void write_all(capnp::List<p::Dictionary>::Builder to, std::span<const Dictionary> from) {
  for (unsigned i = 0; i < to.size(); ++i) write(to[i], from[i]);
}

log_entry log_of(p::LogEntry::Reader from) { return {from.getSeverity(), string_of(from.getText())}; }

error error_of(p::Error::Reader from) { return {string_of(from.getKind()), string_of(from.getMessage())}; }

void read_outcome(p::Reply::Reader from, const value_reader& in, reply& to) {
  switch (from.which()) {
    case p::Reply::ERROR: to.outcome = error_of(from.getError()); return;
    case p::Reply::DONE: return;
    case p::Reply::NODES: to.outcome = in.nodes(from.getNodes()); return;
    case p::Reply::CONNECTIONS: to.outcome = in.connections(from.getConnections()); return;
    case p::Reply::VALUE: to.outcome = in.value(from.getValue()); return;
    case p::Reply::PAGED: to.paged_words = from.getPaged(); return;
  }
  throw p::malformed("a reply of unknown kind");
}

}  // namespace

body hello(const std::string& token, const std::string& key, const std::string& kernel, std::uint64_t knows) {
  const auto data = [](const std::string& from) {
    return capnp::Data::Reader(reinterpret_cast<const kj::byte*>(from.data()), from.size());
  };
  return p::write_message<p::Hello>([&](p::Hello::Builder out) {
    out.setToken(data(token));
    out.setVersion(p::release);
    out.setKey(data(key));
    out.setKernel(text(kernel));
    out.setKnows(knows);
  });
}

body create_nodes(const std::string& model, std::int64_t count, const Value& params, const Value& positions) {
  return request([&](p::Request::Builder out) {
    auto call = out.initCreateNodes();
    call.setModel(text(model));
    call.setCount(count);
    write(call.initParameters(), params);
    if (!positions.is_none()) write(call.initPositions(), positions);
  });
}

body connect(const NodeCollection& sources, const NodeCollection& targets, const Dictionary& rule,
             std::span<const Dictionary> synapses) {
  return request([&](p::Request::Builder out) {
    auto call = out.initConnect();
    write(call.initSources(), sources);
    write(call.initTargets(), targets);
    write(call.initRule(), rule);
    write_all(call.initSynapses(static_cast<unsigned>(synapses.size())), synapses);
  });
}

body tripartite_connect(const NodeCollection& sources, const NodeCollection& targets, const NodeCollection& third,
                        const Dictionary& rule, const Dictionary& third_rule, std::span<const Dictionary> primary,
                        std::span<const Dictionary> third_in, std::span<const Dictionary> third_out) {
  return request([&](p::Request::Builder out) {
    auto call = out.initTripartiteConnect();
    write(call.initSources(), sources);
    write(call.initTargets(), targets);
    write(call.initThird(), third);
    write(call.initRule(), rule);
    write(call.initThirdRule(), third_rule);
    write_all(call.initPrimary(static_cast<unsigned>(primary.size())), primary);
    write_all(call.initThirdIn(static_cast<unsigned>(third_in.size())), third_in);
    write_all(call.initThirdOut(static_cast<unsigned>(third_out.size())), third_out);
  });
}

body connect_arrays(std::span<const std::int64_t> sources, std::span<const std::int64_t> targets,
                    const Dictionary& synapse, bool of_rank) {
  return request([&](p::Request::Builder out) {
    auto call = out.initConnectArrays();
    call.setOfRank(of_rank);
    const auto place = capnp::Orphanage::getForMessageContaining(call);
    call.adoptSources(p::column_orphan(place, sources));
    call.adoptTargets(p::column_orphan(place, targets));
    write(call.initSynapse(), synapse);
  });
}

body disconnect(const NodeCollection& sources, const NodeCollection& targets, const Dictionary& rule,
                const Dictionary& synapse) {
  return request([&](p::Request::Builder out) {
    auto call = out.initDisconnect();
    write(call.initSources(), sources);
    write(call.initTargets(), targets);
    write(call.initRule(), rule);
    write(call.initSynapse(), synapse);
  });
}

body disconnect(const SynapseCollection& connections) {
  return request([&](p::Request::Builder out) { write(out.initDisconnectConnections(), connections); });
}

body get_connections(const NodeCollection* sources, const NodeCollection* targets, const std::string& synapse_model,
                     std::int64_t label) {
  return request([&](p::Request::Builder out) {
    auto call = out.initGetConnections();
    if (sources) write(call.initSources(), *sources);
    if (targets) write(call.initTargets(), *targets);
    call.setSynapseModel(text(synapse_model));
    call.setLabel(label);
  });
}

body get_connection_values(const SynapseCollection& connections, const keys& wanted) {
  return request([&](p::Request::Builder out) {
    auto call = out.initGetConnectionValues();
    write(call.initConnections(), connections);
    write(call.initKeys(static_cast<unsigned>(wanted.size())), wanted);
  });
}

body set_connection_values(const SynapseCollection& connections, const Value& values) {
  return request([&](p::Request::Builder out) {
    auto call = out.initSetConnectionValues();
    write(call.initConnections(), connections);
    write(call.initValues(), values);
  });
}

body describe_nodes(const NodeCollection& nodes) {
  return request([&](p::Request::Builder out) { write(out.initDescribeNodes(), nodes); });
}

body get_node_values(const NodeCollection& nodes, const keys& wanted, const event_part& events) {
  return request([&](p::Request::Builder out) {
    auto call = out.initGetNodeValues();
    write(call.initNodes(), nodes);
    write(call.initKeys(static_cast<unsigned>(wanted.size())), wanted);
    call.setEventsAfterMs(events.after_ms);
    call.setMostEvents(events.most);
  });
}

body set_node_values(const NodeCollection& nodes, const Value& values) {
  return request([&](p::Request::Builder out) {
    auto call = out.initSetNodeValues();
    write(call.initNodes(), nodes);
    write(call.initValues(), values);
  });
}

body match_nodes(const Dictionary& properties) {
  return request([&](p::Request::Builder out) { write(out.initMatchNodes(), properties); });
}

body get_defaults(const std::string& model) {
  return request([&](p::Request::Builder out) { out.setGetDefaults(text(model)); });
}

body set_defaults(const std::string& model, const Dictionary& values) {
  return request([&](p::Request::Builder out) {
    auto call = out.initSetDefaults();
    call.setModel(text(model));
    write(call.initValues(), values);
  });
}

body copy_model(const std::string& existing, const std::string& copy, const Dictionary& values) {
  return request([&](p::Request::Builder out) {
    auto call = out.initCopyModel();
    call.setExisting(text(existing));
    call.setNew(text(copy));
    write(call.initValues(), values);
  });
}

body get_kernel_status(const keys& wanted) {
  return request(
      [&](p::Request::Builder out) { write(out.initGetKernelStatus(static_cast<unsigned>(wanted.size())), wanted); });
}

body set_kernel_status(const Dictionary& values) {
  return request([&](p::Request::Builder out) { write(out.initSetKernelStatus(), values); });
}

body reset_kernel() {
  return request([](p::Request::Builder out) { out.setResetKernel(); });
}

body save(const std::string& path) {
  return request([&](p::Request::Builder out) { out.setSave(text(path)); });
}

body load(const std::string& path) {
  return request([&](p::Request::Builder out) { out.setLoad(text(path)); });
}

body describe_saved(const std::string& path) {
  return request([&](p::Request::Builder out) { out.setDescribeSaved(text(path)); });
}

body rescale(std::int64_t vps) {
  return request([&](p::Request::Builder out) { out.setRescale(vps); });
}

body drain(std::uint32_t worker) {
  return request([&](p::Request::Builder out) { out.setDrain(worker); });
}

body list_kernels() {
  return request([&](p::Request::Builder out) { out.setListKernels(); });
}

body drop_kernel(const std::string& name) {
  return request([&](p::Request::Builder out) { out.setDropKernel(text(name)); });
}

body prepare() {
  return request([](p::Request::Builder out) { out.setPrepare(); });
}

body run(double duration_ms) {
  return request([&](p::Request::Builder out) { out.setRun(duration_ms); });
}

body cleanup() {
  return request([](p::Request::Builder out) { out.setCleanup(); });
}

body simulate(double duration_ms) {
  return request([&](p::Request::Builder out) { out.setSimulate(duration_ms); });
}

body cancel() {
  return request([](p::Request::Builder out) { out.setCancel(); });
}

body evaluate(const Parameter& expression, const NodeCollection* nodes, const Value& targets) {
  return request([&](p::Request::Builder out) {
    auto call = out.initEvaluate();
    write(call.initExpression(), expression);
    if (nodes) write(call.initNodes(), *nodes);
    if (!targets.is_none()) write(call.initTargets(), targets);
  });
}

body describe_space(const NodeCollection& nodes) {
  return request([&](p::Request::Builder out) { write(out.initDescribeSpace(), nodes); });
}

body get_positions(const NodeCollection& nodes) {
  return request([&](p::Request::Builder out) { write(out.initGetPositions(), nodes); });
}

body displace(const NodeCollection* from, const Value& points, const NodeCollection& to, bool distances) {
  return request([&](p::Request::Builder out) {
    auto call = out.initDisplace();
    if (from) write(call.initFrom(), *from);
    write(call.initPoints(), points);
    write(call.initTo(), to);
    call.setDistances(distances);
  });
}

body find_nearest(const NodeCollection& layer, const Value& locations, bool all) {
  return request([&](p::Request::Builder out) {
    auto call = out.initFindNearest();
    write(call.initLayer(), layer);
    write(call.initLocations(), locations);
    call.setAll(all);
  });
}

body select_by_mask(const NodeCollection& layer, const Value& anchor, const Dictionary& mask) {
  return request([&](p::Request::Builder out) {
    auto call = out.initSelectByMask();
    write(call.initLayer(), layer);
    write(call.initAnchor(), anchor);
    write(call.initMask(), mask);
  });
}

body test_mask(const Dictionary& mask, const Value& points) {
  return request([&](p::Request::Builder out) {
    auto call = out.initTestMask();
    write(call.initMask(), mask);
    write(call.initPoints(), points);
  });
}

welcome read_welcome(const body& content) {
  return p::read_message<p::Welcome>(content, [](p::Welcome::Reader from) {
    return welcome{from.getSession(),  from.getKernel(),  from.getGeneration(), string_of(from.getVersion()),
                   from.getIdentity(), from.getLasting(), from.getChanges()};
  });
}

error read_error(const body& content) {
  return p::read_message<p::Error>(content, [](p::Error::Reader from) { return error_of(from); });
}

reply read_reply(const body& content, const std::shared_ptr<conversation>& kernel) {
  return p::read_message<p::Reply>(content, [&](p::Reply::Reader from) {
    reply to;
    to.generation = from.getGeneration();
    to.changes = from.getChanges();
    for (auto entry : from.getLog()) to.log.push_back(log_of(entry));
    read_outcome(from, value_reader(content, kernel), to);
    return to;
  });
}

event read_event(const body& content) {
  return p::read_message<p::Event>(content, [](p::Event::Reader from) -> event {
    if (from.isLog()) return log_of(from.getLog());
    if (!from.isProgress()) throw p::malformed("an event of unknown kind");
    const auto p = from.getProgress();
    return progress{p.getBeganMs(), p.getNowMs(), p.getEndMs(), p.getWallSeconds(), p.getSpikes()};
  });
}

}  // namespace volley::client::wire
