#include "actors/convert_greeting.hpp"

#include <initializer_list>

#include "protocol/api.capnp.h"
#include "protocol/cluster.capnp.h"
#include "protocol/message.hpp"

namespace volley::actors {

namespace {

capnp::Data::Reader data(const std::string& text) {
  return {reinterpret_cast<const kj::byte*>(text.data()), text.size()};
}
std::string text(capnp::Data::Reader from) { return {from.asChars().begin(), from.asChars().end()}; }
std::string text(capnp::Text::Reader from) { return {from.begin(), from.end()}; }

// Each with its length, so that no two lists of texts are one.
std::string joined(std::initializer_list<std::string> parts) {
  std::string all;
  for (const auto& part : parts) all += std::to_string(part.size()) + ":" + part;
  return all;
}

}  // namespace

protocol::body encode_worker_greeting(const worker_greeting& from) {
  return protocol::write_message<protocol::WorkerHello>([&](protocol::WorkerHello::Builder to) {
    to.setNonce(data(from.nonce));
    to.setProof(data(from.proof));
    to.setProtocol(from.card.protocol);
    to.setRelease(from.card.release);
    to.setBuild(from.card.build);
    to.setDigest(from.card.digest);
    to.setLanes(from.card.lanes);
    to.setMemory(from.card.memory);
    to.setProcess(from.card.process);
    to.setAddress(from.card.address);
    to.setPort(from.card.port);
  });
}

worker_greeting decode_worker_greeting(const protocol::body& body) {
  return protocol::read_message<protocol::WorkerHello>(body, [](protocol::WorkerHello::Reader from) {
    return worker_greeting{
        text(from.getNonce()),
        text(from.getProof()),
        {from.getProtocol(), text(from.getRelease()), text(from.getBuild()), from.getDigest(), from.getLanes(),
         from.getMemory(), from.getProcess(), text(from.getAddress()), from.getPort()}};
  });
}

protocol::body encode_admission(const admission_notice& from) {
  return protocol::write_message<protocol::Admitted>([&](protocol::Admitted::Builder to) {
    to.setNumber(from.number);
    to.setEpoch(from.epoch);
    to.setProof(data(from.proof));
  });
}

admission_notice decode_admission(const protocol::body& body) {
  return protocol::read_message<protocol::Admitted>(body, [](protocol::Admitted::Reader from) {
    return admission_notice{from.getNumber(), from.getEpoch(), text(from.getProof())};
  });
}

std::string decode_refusal(const protocol::body& body) {
  return protocol::read_message<protocol::Error>(body,
                                                 [](protocol::Error::Reader from) { return text(from.getMessage()); });
}

std::string words_of_worker(const std::string& challenge, const worker_greeting& g) {
  const auto number = [](std::uint64_t n) { return std::to_string(n); };
  return joined({"worker", challenge, g.nonce, number(g.card.protocol), g.card.release, g.card.build,
                 number(g.card.digest), number(g.card.lanes), number(g.card.memory), number(g.card.process),
                 g.card.address, number(g.card.port)});
}

std::string words_of_supervisor(const std::string& challenge, const std::string& nonce, const admission_notice& a) {
  return joined({"supervisor", challenge, nonce, std::to_string(a.number), std::to_string(a.epoch)});
}

}  // namespace volley::actors
