#include "actors/session.hpp"

#include <algorithm>
#include <new>
#include <string>
#include <utility>
#include <variant>

#include "actors/convert.hpp"
#include "caf/send.hpp"
#include "protocol/malformed.hpp"
#include "runtime/base/error.hpp"
#include "runtime/kernel/matching.hpp"

namespace volley::actors {

namespace {

// A message may quote what the client sent; nobody reads more of it.
constexpr std::size_t longest_message = 4096;

std::string shortened(std::string message) {
  if (message.size() <= longest_message) return message;
  std::size_t end = longest_message;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xc0) == 0x80) --end;  // keeps characters whole
  message.resize(end);
  return message + " ...";
}

struct named_fault {
  std::string kind, message;
};

// The exception that the user gets to see.
named_fault name_fault(const std::exception_ptr& fault) {
  try {
    std::rethrow_exception(fault);
  } catch (const runtime::api_error& mistake) {
    return {runtime::to_string(mistake.kind()), mistake.what()};
  } catch (const protocol::malformed& bytes) {
    return {runtime::to_string(runtime::error_kind::BadParameter),
            std::string("the request is malformed: ") + bytes.what()};
  } catch (const protocol::oversized& answer) {
    return {runtime::to_string(runtime::error_kind::MemoryError),
            std::string("the answer is too large for one message: ") + answer.what()};
  } catch (const std::bad_alloc&) {
    return {runtime::to_string(runtime::error_kind::MemoryError), "the kernel has no memory for this call"};
  } catch (const std::exception& other) {
    return {runtime::to_string(runtime::error_kind::InternalError), other.what()};
  } catch (...) {
    return {runtime::to_string(runtime::error_kind::InternalError), "an unknown failure"};
  }
}

// The same for every call with all of its arguments: nothing of it has been looked at.
runtime::api_error not_allowed(role has, role needs) {
  return {runtime::error_kind::PermissionError, std::string("the token of this session lets it ") + to_string(has) +
                                                    "; this call takes one with the role " + to_string(needs)};
}

}  // namespace

session::session(caf::actor_config& config, std::uint64_t number, std::shared_ptr<kernels::lease> kernel,
                 std::shared_ptr<outlet> client, role may, when_client_leaves policy, bool digests, std::string name,
                 audit_log* audit)
    : session_actor::base(config),
      number_(number),
      lease_(std::move(kernel)),
      kernel_number_(lease_->place().number),
      kernel_(lease_->kernel()),
      client_(std::move(client)),
      may_(may),
      policy_(policy),
      digests_(digests || !name.empty()),
      name_(std::move(name)),
      audit_(audit) {
  monitor(kernel_);
  set_down_handler([this](caf::down_msg&) {
    const auto why = lease_->why_gone();
    client_->send(protocol::frame(
        heading(protocol::frame_kind::goodbye, 0),
        why.empty() ? nullptr : encode_refusal("the kernel " + lease_->place().name + " is gone: " + why)));
    quit();
  });
}

session::behavior_type session::make_behavior() {
  return {
      [this](const frame_arrived& f) { receive(f.content); },
      [this](const connection_closed&) { leave(true); },
      [this](const call_answered& a) { reply(a.sequence, *a.content); },
      [this](const job_advanced& news) { report(news); },
      [this](const call_noted& news) { tell(news); },
      [this](const kernel_introduced& kernel) { greet(kernel); },
  };
}

void session::on_exit() {
  while (!audited_.empty()) audit(audited_.begin()->first, "nobody waits for the end any more");
  client_->close();
  client_ = nullptr;
  kernel_ = nullptr;
  lease_ = nullptr;
}

void session::receive(const protocol::frame& f) {
  try {
    switch (f.head().kind) {
      case protocol::frame_kind::hello:
        greeting_sequence_ = last_sequence_ = f.head().sequence;
        return send(kernel_, introduce{this, name_});
      case protocol::frame_kind::request: return receive_request(f);
      case protocol::frame_kind::page_request: return receive_page_request(f.head());
      case protocol::frame_kind::goodbye: return leave();
      default: throw protocol::malformed("a frame of a kind that clients do not send");
    }
  } catch (const protocol::malformed&) {
    refuse(f.head().sequence, std::current_exception(), {});
    leave();
  } catch (...) {
    refuse(f.head().sequence, std::current_exception(), {});
  }
}

void session::receive_request(const protocol::frame& f) {
  const std::uint64_t sequence = f.head().sequence;
  count(sequence);
  auto content = std::make_shared<const api::request>(decode_request(f.body()));
  if (audit_ != nullptr && (is_change(*content) || least_role(*content) > may_))
    audited_[sequence] = runtime::text_of(*content);
  if (least_role(*content) > may_) throw not_allowed(may_, least_role(*content));
  if (std::holds_alternative<api::cancel>(*content)) {
    send(kernel_, cancel_job{this});
    return reply(sequence, {generation_, {}, {}});
  }
  paged_ = nullptr;
  if (std::holds_alternative<api::list_kernels>(*content)) return reply(sequence, {generation_, lease_->list(), {}});
  if (const auto* which = std::get_if<api::drop_kernel>(content.get())) return drop_kernel(sequence, which->name);
  const auto digest = digests_ ? digest_of_request(f.body()) : 0;
  send(kernel_, call{this, sequence, std::move(content), digest, name_, f.body()});
}

// Its own kernel is anybody's to drop who may build in it.
void session::drop_kernel(std::uint64_t sequence, const std::string& name) {
  if (name != lease_->place().name && may_ < role::admin) throw not_allowed(may_, role::admin);
  lease_->drop(name);
  reply(sequence, {generation_, {}, {}});
}

void session::receive_page_request(const protocol::header& wanted) {
  count(wanted.sequence);
  if (!paged_ || wanted.position >= paged_->size()) throw protocol::malformed("a page that no reply has");
  const auto words = std::min(client_->page_words(), paged_->size() - wanted.position);
  auto head = heading(protocol::frame_kind::page, wanted.sequence);
  head.position = wanted.position;
  client_->send(protocol::frame(head, protocol::part_of(paged_, wanted.position, words)));
}

void session::count(std::uint64_t sequence) {
  if (sequence <= last_sequence_) throw protocol::malformed("a request whose number does not grow");
  last_sequence_ = sequence;
}

void session::greet(const kernel_introduced& kernel) {
  generation_ = kernel.generation;
  client_->send(protocol::frame(heading(protocol::frame_kind::welcome, greeting_sequence_),
                                encode_welcome({number_, kernel_number_, generation_, kernel.of, kernel.changes})));
}

void session::reply(std::uint64_t sequence, const api::answer& content) {
  generation_ = content.generation;
  if (const auto* failed = std::get_if<api::failed_call>(&content.outcome))
    return refuse(sequence, failed->reason, content.log, content.changes);
  protocol::body body;
  try {
    body = encode_answer(content);
  } catch (...) {
    return refuse(sequence, std::current_exception(), content.log, content.changes);  // no memory for a large reply
  }
  if (body->size() > client_->page_words()) {
    paged_ = std::move(body);
    body = encode_paged(paged_->size());
  }
  audit(sequence, "done");
  client_->send(protocol::frame(heading(protocol::frame_kind::reply, sequence), std::move(body)));
}

void session::audit(std::uint64_t sequence, const std::string& outcome) {
  if (const auto call = audited_.extract(sequence))
    audit_->add("session " + std::to_string(number_) + " (" + to_string(may_) + ")", call.mapped(), outcome);
}

void session::refuse(std::uint64_t sequence, const std::exception_ptr& fault, const std::vector<api::log_line>& log,
                     std::uint64_t changes) {
  const auto [kind, message] = name_fault(fault);
  audit(sequence, kind + ": " + message);
  client_->send(protocol::frame(heading(protocol::frame_kind::reply, sequence),
                                encode_error({generation_, {}, log, changes}, kind, shortened(message))));
}

void session::report(const job_advanced& news) {
  client_->send(protocol::frame(heading(protocol::frame_kind::event, news.sequence), encode_progress(news.content)));
}

void session::tell(const call_noted& news) {
  client_->send(protocol::frame(heading(protocol::frame_kind::event, news.sequence), encode_note(news.content)));
}

void session::leave(bool comes_back) {
  send(kernel_, session_left{this, policy_ == when_client_leaves::job_ends, name_, comes_back && !name_.empty()});
  quit();
}

protocol::header session::heading(protocol::frame_kind kind, std::uint64_t sequence) const {
  return {.kind = kind, .kernel = kernel_number_, .session = number_, .sequence = sequence};
}

}  // namespace volley::actors
