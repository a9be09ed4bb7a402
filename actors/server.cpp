#include "actors/server.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>

#include "actors/access.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds accept_again_after{100};
constexpr std::chrono::seconds last_words_within{1};

bool somebody_listens(const fs::path& socket_path) {
  asio::io_context context;
  asio::local::stream_protocol::socket probe(context);
  error_code failure;
  probe.connect(asio::local::stream_protocol::endpoint(socket_path.string()), failure);
  return !failure;
}

void forget(std::list<std::weak_ptr<connection>>& list, const connection* who) {
  list.remove_if([who](const auto& entry) {
    const auto alive = entry.lock();
    return !alive || alive.get() == who;
  });
}

}  // namespace

server::server(const server_options& options) : options_(options), files_(options.data_root) {
  listen_on_unix_socket();
  if (options_.tcp) listen_on_tcp(*options_.tcp);
  host_.emplace(host_options{.vps = options_.vps, .files = &files_, .data_path = {}, .data_prefix = {}, .memory_limit = options_.memory_limit});
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
  const auto address = asio::ip::make_address(where.address);
  if (!address.is_loopback()) throw std::runtime_error("the address " + where.address + " is not the loopback's");
  tcp_door_.open(address.is_v4() ? asio::ip::tcp::v4() : asio::ip::tcp::v6());
  tcp_door_.set_option(tcp_acceptor::reuse_address(true));
  tcp_door_.bind({address, where.port});
  tcp_door_.listen();
  tcp_port_ = tcp_door_.local_endpoint().port();
  token_ = make_token();
  write_token_file(where.token_file, token_);
  token_file_ = owned_path(where.token_file);
}

connection::admission server::admission_of(const unix_acceptor&, int descriptor) const {
  return [same_user = is_same_user(descriptor)](const std::string&) { return same_user; };
}

connection::admission server::admission_of(const tcp_acceptor&, int) const {
  return [this](const std::string& token) { return is_token(token, token_); };
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
    auto admits = admission_of(door, accepted.native_handle());
    receive(std::move(accepted), std::move(admits));
    accept(door);
  });
}

void server::receive(connection::socket accepted, connection::admission admits) {
  const auto stranger =
      std::make_shared<connection>(std::move(accepted), static_cast<reception&>(*this), std::move(admits), options_.limits);
  strangers_.push_back(stranger);
  stranger->start();
  if (strangers_.size() <= options_.most_strangers) return;
  if (const auto oldest = strangers_.front().lock()) oldest->drop();
}

// ---- clients

session_actor server::open_session(const std::shared_ptr<connection>& client) {
  if (!host_ || clients_.size() >= options_.most_sessions) return {};
  forget(strangers_, client.get());
  clients_.push_back(client);
  return host_->open(client, when_client_leaves::job_goes_on);
}

void server::closed(const connection& who) {
  forget(strangers_, &who);
  forget(clients_, &who);
  if (!host_ && clients_.empty()) pause_.cancel();
}

// ---- life

void server::run() {
  signals_.async_wait([this](error_code failure, int) {
    if (!failure) shut_down();
  });
  accept(unix_door_);
  if (tcp_door_.is_open()) accept(tcp_door_);
  context_.run();
}

void server::stop() {
  asio::post(context_, [this] { shut_down(); });
}

void server::shut_down() {
  error_code ignored;
  signals_.cancel(ignored);
  pause_.cancel();
  unix_door_.close(ignored);
  tcp_door_.close(ignored);
  for (const auto& stranger : std::list(strangers_))
    if (const auto alive = stranger.lock()) alive->drop();
  host_.reset();  // every session says goodbye and closes its connection
  pause_.expires_after(last_words_within);
  pause_.async_wait([this](error_code stopped) {
    if (!stopped) context_.stop();
  });
  if (clients_.empty()) pause_.cancel();
}

}  // namespace volley::actors
