#include "actors/convert.hpp"

#include <stdexcept>
#include <variant>

#include "actors/convert_values.hpp"
#include "protocol/api.capnp.h"
#include "protocol/crc32c.hpp"
#include "protocol/message.hpp"
#include "protocol/release.hpp"

namespace volley::actors {

namespace {

using protocol::malformed;
using protocol::Request;
using protocol::write_message;
using namespace runtime::api;

connect read_connect(value_reader& in, protocol::Connect::Reader from) {
  return {in.read(from.getSources()), in.read(from.getTargets()), in.read(from.getRule()), in.read(from.getSynapses())};
}

connect_arrays read_connect_arrays(value_reader& in, protocol::ConnectArrays::Reader from) {
  return {read_integers(from.getSources()), read_integers(from.getTargets()), in.read(from.getSynapse()),
          from.getOfRank()};
}

tripartite_connect read_tripartite_connect(value_reader& in, protocol::TripartiteConnect::Reader from) {
  return {in.read(from.getSources()), in.read(from.getTargets()),   in.read(from.getThird()),
          in.read(from.getRule()),    in.read(from.getThirdRule()), in.read(from.getPrimary()),
          in.read(from.getThirdIn()), in.read(from.getThirdOut())};
}

disconnect read_disconnect(value_reader& in, protocol::Disconnect::Reader from) {
  return {in.read(from.getSources()), in.read(from.getTargets()), in.read(from.getRule()), in.read(from.getSynapse())};
}

get_connections read_get_connections(value_reader& in, protocol::GetConnections::Reader from) {
  get_connections to;
  if (from.hasSources()) to.sources = in.read(from.getSources());
  if (from.hasTargets()) to.targets = in.read(from.getTargets());
  to.synapse_model = read_text(from.getSynapseModel());
  if (from.getLabel() != -1) to.label = from.getLabel();
  return to;
}

evaluate read_evaluate(value_reader& in, protocol::Evaluate::Reader from) {
  evaluate to{in.read(from.getExpression()), {}, in.read(from.getTargets())};
  if (from.hasNodes()) to.nodes = in.read(from.getNodes());
  return to;
}

displace read_displace(value_reader& in, protocol::Displace::Reader from) {
  displace to{{}, in.read(from.getPoints()), in.read(from.getTo()), from.getDistances()};
  if (from.hasFrom()) to.from = in.read(from.getFrom());
  return to;
}

request read_request(value_reader& in, Request::Reader from) {
  switch (from.which()) {
    case Request::CREATE_NODES: {
      const auto call = from.getCreateNodes();
      return create_nodes{read_text(call.getModel()), call.getCount(), in.read(call.getParameters()),
                          in.read(call.getPositions())};
    }
    case Request::CONNECT: return read_connect(in, from.getConnect());
    case Request::CONNECT_ARRAYS: return read_connect_arrays(in, from.getConnectArrays());
    case Request::DISCONNECT: return read_disconnect(in, from.getDisconnect());
    case Request::DISCONNECT_CONNECTIONS: return disconnect_connections{in.read(from.getDisconnectConnections())};
    case Request::GET_CONNECTIONS: return read_get_connections(in, from.getGetConnections());
    case Request::GET_CONNECTION_VALUES: {
      const auto call = from.getGetConnectionValues();
      return get_connection_values{in.read(call.getConnections()), in.read(call.getKeys())};
    }
    case Request::SET_CONNECTION_VALUES: {
      const auto call = from.getSetConnectionValues();
      return set_connection_values{in.read(call.getConnections()), in.read(call.getValues())};
    }
    case Request::DESCRIBE_NODES: return describe_nodes{in.read(from.getDescribeNodes())};
    case Request::GET_NODE_VALUES: {
      const auto call = from.getGetNodeValues();
      return get_node_values{
          in.read(call.getNodes()), in.read(call.getKeys()), {call.getEventsAfterMs(), call.getMostEvents()}};
    }
    case Request::SET_NODE_VALUES: {
      const auto call = from.getSetNodeValues();
      return set_node_values{in.read(call.getNodes()), in.read(call.getValues())};
    }
    case Request::MATCH_NODES: return match_nodes{in.read(from.getMatchNodes())};
    case Request::GET_DEFAULTS: return get_defaults{read_text(from.getGetDefaults())};
    case Request::SET_DEFAULTS: {
      const auto call = from.getSetDefaults();
      return set_defaults{read_text(call.getModel()), in.read(call.getValues())};
    }
    case Request::COPY_MODEL: {
      const auto call = from.getCopyModel();
      return copy_model{read_text(call.getExisting()), read_text(call.getNew()), in.read(call.getValues())};
    }
    case Request::GET_KERNEL_STATUS: return get_kernel_status{in.read(from.getGetKernelStatus())};
    case Request::SET_KERNEL_STATUS: return set_kernel_status{in.read(from.getSetKernelStatus())};
    case Request::RESET_KERNEL: return reset_kernel{};
    case Request::PREPARE: return prepare{};
    case Request::RUN: return run{from.getRun()};
    case Request::CLEANUP: return cleanup{};
    case Request::SIMULATE: return simulate{from.getSimulate()};
    case Request::CANCEL: return cancel{};
    case Request::EVALUATE: return read_evaluate(in, from.getEvaluate());
    case Request::DESCRIBE_SPACE: return describe_space{in.read(from.getDescribeSpace())};
    case Request::GET_POSITIONS: return get_positions{in.read(from.getGetPositions())};
    case Request::DISPLACE: return read_displace(in, from.getDisplace());
    case Request::FIND_NEAREST: {
      const auto call = from.getFindNearest();
      return find_nearest{in.read(call.getLayer()), in.read(call.getLocations()), call.getAll()};
    }
    case Request::SELECT_BY_MASK: {
      const auto call = from.getSelectByMask();
      return select_by_mask{in.read(call.getLayer()), in.read(call.getAnchor()), in.read(call.getMask())};
    }
    case Request::TEST_MASK: {
      const auto call = from.getTestMask();
      return test_mask{in.read(call.getMask()), in.read(call.getPoints())};
    }
    case Request::TRIPARTITE_CONNECT: return read_tripartite_connect(in, from.getTripartiteConnect());
    case Request::SAVE: return save{read_text(from.getSave())};
    case Request::LOAD: return load{read_text(from.getLoad())};
    case Request::DESCRIBE_SAVED: return describe_saved{read_text(from.getDescribeSaved())};
    case Request::RESCALE: return rescale{from.getRescale()};
    case Request::DRAIN: return drain{from.getDrain()};
    case Request::LIST_KERNELS: return list_kernels{};
    case Request::DROP_KERNEL: return drop_kernel{read_text(from.getDropKernel())};
  }
  throw malformed("a call this release does not know");
}

void write_head(protocol::Reply::Builder to, const answer& content) {
  to.setGeneration(content.generation);
  to.setChanges(content.changes);
  auto log = to.initLog(static_cast<unsigned>(content.log.size()));
  for (unsigned position = 0; position < content.log.size(); ++position) {
    log[position].setSeverity(content.log[position].severity);
    log[position].setText(content.log[position].text);
  }
}

// One overload an alternative of a call's result.
struct result_writer {
  protocol::Reply::Builder to;
  void operator()(std::monostate) { to.setDone(); }
  void operator()(const node_set& nodes) { write_nodes(to.initNodes(), nodes); }
  void operator()(const connection_columns& connections) { write_connections(to.initConnections(), connections); }
  void operator()(const value& content) { write_value(to.initValue(), content); }
  void operator()(const failed_call&) { throw std::logic_error("a call that failed was to be told as done"); }
};

void write_error(protocol::Error::Builder to, const std::string& kind, const std::string& message) {
  to.setKind(kind);
  to.setMessage(message);
}

}  // namespace

greeting decode_greeting(const protocol::body& body) {
  return protocol::read_message<protocol::Hello>(body, [](protocol::Hello::Reader hello) {
    const auto token = hello.getToken().asChars(), key = hello.getKey().asChars();
    return greeting{{token.begin(), token.size()},
                    read_text(hello.getVersion()),
                    {key.begin(), key.size()},
                    read_text(hello.getKernel()),
                    hello.getKnows()};
  });
}

request decode_request(const protocol::body& body) {
  value_reader in(body ? body->size() : 0);
  return protocol::read_message<Request>(body, [&in](Request::Reader call) { return read_request(in, call); });
}

std::uint64_t digest_of_request(const protocol::body& body) {
  return (std::uint64_t{body->size()} << 32) ^ protocol::crc32c(body->bytes());
}

protocol::body encode_welcome(const welcome& content) {
  return write_message<protocol::Welcome>([&](auto to) {
    to.setSession(content.session);
    to.setKernel(content.kernel);
    to.setVersion(protocol::release);
    to.setGeneration(content.generation);
    to.setIdentity(content.of.number);
    to.setLasting(content.of.is_lasting);
    to.setChanges(content.changes);
  });
}

protocol::body encode_refusal(const std::string& text) {
  return write_message<protocol::Error>([&](auto to) { write_error(to, "KernelException", text); });
}

protocol::body encode_error(const answer& content, const std::string& kind, const std::string& text) {
  return write_message<protocol::Reply>([&](auto to) {
    write_head(to, content);
    write_error(to.initError(), kind, text);
  });
}

protocol::body encode_answer(const answer& content) {
  return write_message<protocol::Reply>([&](auto to) {
    write_head(to, content);
    std::visit(result_writer{to}, content.outcome);
  });
}

protocol::body encode_paged(std::size_t words) {
  return write_message<protocol::Reply>([&](auto to) { to.setPaged(words); });
}

protocol::body encode_progress(const job_progress& content) {
  return write_message<protocol::Event>([&](auto event) {
    auto to = event.initProgress();
    to.setBeganMs(content.began_ms);
    to.setNowMs(content.now_ms);
    to.setEndMs(content.end_ms);
    to.setWallSeconds(content.wall_s);
    to.setSpikes(content.spikes);
  });
}

protocol::body encode_note(const log_line& content) {
  return write_message<protocol::Event>([&](auto event) {
    auto to = event.initLog();
    to.setSeverity(content.severity);
    to.setText(content.text);
  });
}

}  // namespace volley::actors
