// How workers and supervisors greet each other, between messages and values.
#pragma once
#include <cstdint>
#include <string>

#include "protocol/words.hpp"
#include "runtime/cluster/admission.hpp"

namespace volley::actors {

struct worker_greeting {
  std::string nonce, proof;
  runtime::cluster::worker_card card;
};
struct admission_notice {
  std::uint32_t number = 0;
  std::uint64_t epoch = 0;
  std::string proof;
};

protocol::body encode_worker_greeting(const worker_greeting& from);
protocol::body encode_admission(const admission_notice& from);
/// Errors of decoding: protocol::malformed.
worker_greeting decode_worker_greeting(const protocol::body& body);
admission_notice decode_admission(const protocol::body& body);
/// The text of `refused`.
std::string decode_refusal(const protocol::body& body);

/// What both sides prove to know the token by: a text with all that was said.
std::string words_of_worker(const std::string& challenge, const worker_greeting& g);
std::string words_of_supervisor(const std::string& challenge, const std::string& nonce, const admission_notice& a);

}  // namespace volley::actors
