#include "actors/worker_door.hpp"

#include <cstdio>
#include <optional>

#include <boost/asio/read.hpp>

#include "actors/convert.hpp"
#include "actors/convert_greeting.hpp"
#include "actors/places.hpp"
#include "actors/proof.hpp"
#include "protocol/limits.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace cluster = runtime::cluster;
using boost::system::error_code;

namespace {

constexpr const char* not_known = "the supervisor refuses this worker: its greeting or its token is not right";

}  // namespace

/// A connection that is no worker's yet. It lives as long as something of it is on its way.
class admission : public std::enable_shared_from_this<admission> {
 public:
  admission(wire connection, const asio::ip::address& from, worker_door& door)
      : connection_(std::move(connection)),
        door_(door),
        deadline_(connection_.get_executor()),
        challenge_(make_nonce()),
        address_(from.to_string()) {}

  void start() {
    deadline_.expires_after(door_.options_.greeting_within);
    deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->drop();
    });
    connection_.async_shake_hands([self = shared_from_this()](const std::string& why) {
      if (!self->connection_.is_open()) return;
      if (why.empty()) return self->challenge();
      self->door_.refusal_after(self->address_, why);
      self->drop();
    });
  }
  void drop() {
    connection_.close();
    deadline_.cancel();
  }

 private:
  void challenge() {
    auto nonce = protocol::words::of_size(proof_bytes / sizeof(protocol::word));
    std::copy(challenge_.begin(), challenge_.end(), reinterpret_cast<char*>(nonce.view().data()));
    if (put(protocol::frame_kind::challenge, std::make_shared<const protocol::words>(std::move(nonce)))) read_head();
  }
  bool put(protocol::frame_kind kind, const protocol::body& body) {
    protocol::header h;
    h.kind = kind;
    const bool done = put_at_once(connection_.bytes(), protocol::frame(h, body));
    if (!done) drop();
    return done;
  }

  void read_head() {
    asio::async_read(connection_, asio::buffer(head_), [self = shared_from_this()](error_code failure, std::size_t) {
      if (failure) return self->drop();
      try {
        self->announced_ = protocol::decode_header(self->head_, protocol::hello_limit_words);
        if (self->announced_->head.kind != protocol::frame_kind::worker_hello)
          throw protocol::malformed("no greeting of a worker");
        self->body_ = protocol::words::of_size(self->announced_->body_words);
      } catch (const std::exception&) {
        return self->refuse(not_known);
      }
      self->read_body();
    });
  }

  void read_body() {
    const auto bytes = std::as_writable_bytes(body_->view());
    asio::async_read(connection_, asio::buffer(bytes.data(), bytes.size()),
                     [self = shared_from_this()](error_code failure, std::size_t) {
                       if (failure) return self->drop();
                       try {
                         self->judge(protocol::assemble(*self->announced_, std::move(*self->body_)));
                       } catch (const std::exception&) {
                         self->refuse(not_known);
                       }
                     });
  }

  // What differs is told to those alone that know the token.
  void judge(const protocol::frame& hello) {
    const auto greeting = decode_worker_greeting(hello.body());
    const auto& options = door_.options_;
    if (greeting.nonce.size() != proof_bytes ||
        !is_proof(greeting.proof, options.token, words_of_worker(challenge_, greeting)))
      return refuse(not_known);
    if (const auto why = cluster::incompatibility(options.own, greeting.card))
      return refuse("IncompatibleWorker: " + *why);
    if (options.address.is_loopback() && !asio::ip::make_address(greeting.card.address).is_loopback())
      return refuse("the worker's address " + greeting.card.address + " is not the loopback's");
    admission_notice notice{++door_.last_number_, options.epoch, {}};
    notice.proof = prove(options.token, words_of_supervisor(challenge_, greeting.nonce, notice));
    if (!put(protocol::frame_kind::admitted, encode_admission(notice))) return;
    deadline_.cancel();
    door_.admit(std::move(connection_), cluster::worker_number(notice.number), greeting.card);
  }

  void refuse(const std::string& why) {
    deadline_.expires_after(door_.refusal_after(address_, why));
    deadline_.async_wait([self = shared_from_this(), why](error_code cancelled) {
      if (cancelled) return;
      self->put(protocol::frame_kind::refused, encode_refusal(why));
      self->drop();
    });
  }

  wire connection_;
  worker_door& door_;
  asio::steady_timer deadline_;
  const std::string challenge_;
  const std::string address_;
  protocol::encoded_header head_;
  std::optional<protocol::announced_frame> announced_;
  std::optional<protocol::words> body_;
};

worker_door::worker_door(asio::io_context& context, fleet& workers, worker_door_options options)
    : context_(context),
      workers_(workers),
      options_(std::move(options)),
      door_(context),
      pause_(context),
      backoff_(options_.refusals) {
  listen_at(door_, options_.address, options_.port);
  port_ = door_.local_endpoint().port();
}

worker_door::~worker_door() = default;

void worker_door::shut() {
  error_code ignored;
  door_.close(ignored);
  pause_.cancel();
  for (const auto& stranger : std::list(strangers_))
    if (const auto alive = stranger.lock()) alive->drop();
}

void worker_door::accept() {
  door_.async_accept([this](error_code failure, asio::ip::tcp::socket accepted) {
    if (!door_.is_open()) return;
    if (failure) {
      pause_.expires_after(accept_again_after);
      return pause_.async_wait([this](error_code stopped) {
        if (!stopped && door_.is_open()) accept();
      });
    }
    std::erase_if(strangers_, [](const auto& one) { return one.expired(); });
    error_code gone;
    const auto from = accepted.remote_endpoint(gone).address();
    const auto stranger = std::make_shared<admission>(
        wire(std::move(accepted), options_.tls ? options_.tls->accepting(true) : nullptr), from, *this);
    strangers_.push_back(stranger);
    stranger->start();
    if (strangers_.size() > options_.most_strangers)
      if (const auto oldest = strangers_.front().lock()) oldest->drop();
    accept();
  });
}

std::chrono::milliseconds worker_door::refusal_after(const std::string& address, const std::string& why) {
  std::fprintf(stderr, "volley-server: a worker at %s is refused: %s\n", address.c_str(), why.c_str());
  if (options_.audit != nullptr) options_.audit->add(address, "a worker", "refused: " + why);
  return backoff_.refuse(address, backoff::clock::now());
}

void worker_door::admit(wire connection, cluster::worker_number who, const cluster::worker_card& card) {
  if (!door_.is_open()) return;
  if (options_.audit != nullptr)
    options_.audit->add(card.address, "a worker", "joins as " + std::to_string(who.index()));
  const auto arrived = [&to = workers_, who](std::span<const std::byte> bytes) {
    to.report(who, cluster::decoded_report_message(bytes));
  };
  const auto closed = [&to = workers_, who](const std::string& why) { to.close(who, why); };
  const auto link = std::make_shared<worker_link>(
      std::move(connection),
      worker_link::manner{protocol::frame_kind::order, protocol::frame_kind::report, arrived, closed});
  workers_.join(who, std::make_shared<const cluster::worker_card>(card), link);
  link->start();
}

}  // namespace volley::actors
