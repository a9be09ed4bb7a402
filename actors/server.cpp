#include "actors/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>

#include "actors/access.hpp"
#include "actors/own_card.hpp"
#include "actors/places.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds last_words_within{1}, last_slices_within{5}, renew_again_after{1};

bool somebody_listens(const fs::path& socket_path) {
  asio::io_context context;
  asio::local::stream_protocol::socket probe(context);
  error_code failure;
  probe.connect(asio::local::stream_protocol::endpoint(socket_path.string()), failure);
  return !failure;
}

peer peer_of(asio::local::stream_protocol::socket& accepted) {
  return {"unix", is_same_user(accepted.native_handle())};
}

peer peer_of(asio::ip::tcp::socket& accepted) {
  error_code gone;
  return {accepted.remote_endpoint(gone).address().to_string(), false};
}

void forget(std::list<std::weak_ptr<connection>>& list, const connection* who) {
  list.remove_if([who](const auto& entry) {
    const auto alive = entry.lock();
    return !alive || alive.get() == who;
  });
}

}  // namespace

server::server(const server_options& options)
    : options_(options),
      tls_(options.tls ? std::make_shared<protocol::tls_identity>(*options.tls) : nullptr),
      backoff_(options.refusals),
      files_(options.data_root),
      networks_(options.data_root) {
  if (options_.modules) modules_.emplace(*options_.modules, options_.data_root);
  if (options_.audit) audit_.emplace(*options_.audit);
  if (options_.state) state_ = std::make_shared<state_folder>(*options_.state);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) signals_.add(signal);
  listen_on_unix_socket();
  if (options_.tcp) listen_on_tcp(*options_.tcp);
  host_options kernel{.vps = options_.vps,
                      .most_kernels = options_.most_kernels,
                      .files = &files_,
                      .data_path = {},
                      .data_prefix = {},
                      .memory_limit = options_.memory_limit,
                      .longest_run = options_.longest_run,
                      .modules = modules_ ? &*modules_ : nullptr,
                      .networks = &networks_,
                      .keep = [this](const kernel_place& one) { return keep_state(one); },
                      .audit = audit_ ? &*audit_ : nullptr};
  if (options_.workers) {
    kernel.workers = listen_for_workers(*options_.workers);
    kernel.beside = &*link_door_;
    if (options_.workers->alone) kernel.lanes = 1;
  }
  host_ = std::make_unique<host>(kernel);
  watch_.emplace(context_, host_->lanes(), options_.stuck_after,
                 [this](std::size_t lane, const runtime::slice_place& at) {
                   stands_still_ = true;
                   host_->give_up(lane, at);
                 });
  if (options_.state) kept_ = state_folder::others(*options_.state);
  while (!kept_.empty()) host_->keep(kept_.begin()->first);
}

// What ends with its session does not outlive the process.
state_setup server::keep_state(const kernel_place& of) {
  const bool is_default = of.number == 1;
  std::random_device draw;
  state_setup keeps;
  keeps.kernel.number = std::uint64_t{draw()} << 32 | draw();
  if (options_.state && !of.is_own) {
    keeps.folder = state_;
    if (!is_default) {
      const auto known = kept_.extract(of.name);
      keeps.folder =
          std::make_shared<state_folder>(known ? known.mapped() : state_folder::another(*options_.state, of.name));
    }
    keeps.kernel = {keeps.folder->kernel(), true};
  }
  keeps.checkpoint_period = options_.checkpoint_period;
  keeps.give_up = [this, name = of.name, is_default](const std::string& why) {
    asio::post(context_, [=, this] {
      if (is_default) {
        failure_ = why;
        return shut_down();
      }
      std::fprintf(stderr, "volley-server: the kernel %s: %s\n", name.c_str(), why.c_str());
      if (host_) host_->lose(name, why);
    });
  };
  return keeps;
}

// ---- doors

// The socket appears under its name when it already listens, and in place of one that a dead server left.
void server::listen_on_unix_socket() {
  const fs::path& path = options_.socket_path;
  if (somebody_listens(path)) throw std::runtime_error("a server already listens at unix:" + path.string());
  const fs::path fresh = path.string() + "." + std::to_string(::getpid());
  unix_door_.open();
  // On Linux the mode of the unbound socket becomes the file's: it is never open to others.
  if (::fchmod(unix_door_.native_handle(), 0600) != 0) throw std::runtime_error("cannot make a private socket");
  ::unlink(fresh.c_str());
  unix_door_.bind(asio::local::stream_protocol::endpoint(fresh.string()));
  unix_door_.listen();
  fs::rename(fresh, path);
  socket_file_ = owned_path(path);
}

void server::listen_on_tcp(const tcp_options& where) {
  const auto address = resolved(where.host);
  require_protection(address, tls_ != nullptr, options_.insecure);
  listen_at(tcp_door_, address, where.port);
  tcp_port_ = tcp_door_.local_endpoint().port();
  tokens_.emplace(where.token_file, where.token_lifetime, keyring::clock::now());
}

cluster_setup server::listen_for_workers(const workers_options& where) {
  namespace cluster = runtime::cluster;
  const auto address = resolved(where.host);
  require_protection(address, tls_ != nullptr, options_.insecure);
  if (address.is_unspecified())
    throw std::runtime_error("workers cannot reach " + where.host + ": give an address of this machine");
  if (tls_ && options_.tls->trusted.empty())
    throw std::runtime_error("workers show certificates: give --tls-ca, whose certificates are trusted");
  link_door_.emplace(context_, address, tls_);
  auto card = own_card(runtime::usable_cores(), options_.memory_limit);
  card.address = address.to_string();
  card.port = link_door_->port();
  // Epochs of one machine grow.
  const auto epoch = static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
  const auto token = options_.state ? kept_token(*options_.state / "workers.token") : make_token();
  worker_door_.emplace(context_, fleet_,
                       worker_door_options{.address = address,
                                           .port = where.port,
                                           .tls = tls_,
                                           .token = token,
                                           .epoch = epoch,
                                           .own = card,
                                           .refusals = options_.refusals,
                                           .audit = audit_ ? &*audit_ : nullptr});
  write_token_file(where.token_file, token);
  worker_token_file_ = owned_path(where.token_file);
  cluster_setup setup;
  setup.options = {.epoch = epoch,
                   .own = card,
                   .hosts_vps = !where.alone,
                   .may_grow = true,
                   .cut_period = options_.checkpoint_period,
                   .make_secret = make_token};
  setup.all = &fleet_;
  setup.door = &*link_door_;
  return setup;
}

template <class Acceptor> void server::accept(Acceptor& door) {
  door.async_accept([this, &door](error_code failure, auto accepted) {
    if (!door.is_open()) return;
    if (failure) {
      pause_.expires_after(accept_again_after);
      return pause_.async_wait([this, &door](error_code stopped) {
        if (!stopped && door.is_open()) accept(door);
      });
    }
    const auto who = peer_of(accepted);
    auto tls = tls_of(accepted);
    receive(wire(std::move(accepted), std::move(tls)), who);
    accept(door);
  });
}

// Clients prove who they are by a token.
protocol::tls_session server::tls_of(const asio::ip::tcp::socket&) { return tls_ ? tls_->accepting(false) : nullptr; }

void server::receive(wire accepted, const peer& who) {
  const auto stranger =
      std::make_shared<connection>(std::move(accepted), static_cast<reception&>(*this), who, options_.limits);
  strangers_.push_back(stranger);
  stranger->start();
  if (strangers_.size() <= options_.most_strangers) return;
  if (const auto oldest = strangers_.front().lock()) oldest->drop();
}

// ---- who may come in

void server::renew_tokens() {
  try {
    tokens_->renew(keyring::clock::now());
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "volley-server: the tokens are not all renewed: %s\n", failure.what());
  }
}

void server::await_expiry() {
  expiry_.expires_at(std::max(tokens_->expires(), keyring::clock::now() + renew_again_after));
  expiry_.async_wait([this](error_code stopped) {
    if (stopped) return;
    renew_tokens();
    await_expiry();
  });
}

void server::revoke_tokens() {
  asio::post(context_, [this] {
    if (!tokens_ || !host_) return;
    renew_tokens();
    await_expiry();
    for (const auto& client : std::list(clients_))
      if (const auto alive = client.lock(); alive && alive->came_by_token()) alive->drop();
  });
}

std::optional<role> server::role_of(const peer& who, const std::string& token) {
  if (who.is_trusted) return role::admin;
  return tokens_ ? tokens_->role_of(token, keyring::clock::now()) : std::nullopt;
}

std::chrono::milliseconds server::refusal_after(const peer& who, const std::string& why) {
  const auto wait = backoff_.refuse(who.address, backoff::clock::now());
  if (audit_) audit_->add(who.address, "a client", "refused" + (why.empty() ? "" : ": " + why));
  if (wait < options_.refusals.longest)  // one who goes on is not told of again
    std::fprintf(stderr, "volley-server: a client at %s is refused%s%s\n", who.address.c_str(), why.empty() ? "" : ": ",
                 why.c_str());
  return wait;
}

// ---- clients

session_actor server::open_session(const std::shared_ptr<connection>& client, role may, const greeting& from) {
  if (!host_) throw std::runtime_error("the server shuts down");
  if (clients_.size() >= options_.most_sessions)
    throw std::runtime_error("the server has as many sessions as it allows; close one");
  auto opened = host_->open(client, may, when_client_leaves::job_goes_on, from.key,
                            {from.kernel, may != role::observe, from.knows != 0});
  if (audit_)
    audit_->add(client->address(), "opens the kernel " + (from.kernel.empty() ? "default" : from.kernel),
                "session " + std::to_string(host_->sessions()) + " (" + to_string(may) + ")");
  forget(strangers_, client.get());
  clients_.push_back(client);
  return opened;
}

void server::closed(const connection& who) {
  forget(strangers_, &who);
  forget(clients_, &who);
  if (!host_ && clients_.empty()) pause_.cancel();
}

// ---- life

void server::run() {
  await_signal();
  if (tokens_) await_expiry();
  accept(unix_door_);
  if (tcp_door_.is_open()) accept(tcp_door_);
  if (worker_door_) worker_door_->open();
  watch_->look();
  context_.run();
  if (stands_still_) {
    if (!failure_.empty()) std::fprintf(stderr, "volley-server: %s\n", failure_.c_str());
    socket_file_ = {};
    worker_token_file_ = {};
    tokens_.reset();
    std::_Exit(failure_.empty() ? EXIT_SUCCESS : EXIT_FAILURE);
  }
  if (!failure_.empty()) throw std::runtime_error(failure_);
}

void server::await_signal() {
  signals_.async_wait([this](error_code failure, int signal) {
    if (failure) return;
    if (signal != SIGUSR1) return shut_down();
    revoke_tokens();
    await_signal();
  });
}

void server::stop() {
  asio::post(context_, [this] { shut_down(); });
}

void server::shut_down() {
  error_code ignored;
  signals_.cancel(ignored);
  pause_.cancel();
  expiry_.cancel();
  unix_door_.close(ignored);
  tcp_door_.close(ignored);
  for (const auto& stranger : std::list(strangers_))
    if (const auto alive = stranger.lock()) alive->drop();
  if (worker_door_) worker_door_->shut();
  if (link_door_) link_door_->shut();
  fleet_.end();
  end_host();
  pause_.expires_after(last_words_within);
  pause_.async_wait([this](error_code stopped) {
    if (!stopped) context_.stop();
  });
  if (clients_.empty()) pause_.cancel();
}

// Every session says goodbye and closes its connection. Whoever computes is waited for, but not for ever.
void server::end_host() {
  watch_.reset();
  std::promise<void> ended;
  const auto end = ended.get_future();
  std::thread waits([host = std::move(host_), ended = std::move(ended)]() mutable {
    host.reset();
    ended.set_value();
  });
  stands_still_ = end.wait_for(stands_still_ ? last_words_within : last_slices_within) != std::future_status::ready;
  stands_still_ ? waits.detach() : waits.join();
}

}  // namespace volley::actors
