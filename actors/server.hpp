// `volley serve`: kernels that clients reach through a Unix socket and, on request, through TCP.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/backoff.hpp"
#include "actors/connection.hpp"
#include "actors/fleet.hpp"
#include "actors/host.hpp"
#include "actors/keyring.hpp"
#include "actors/link_door.hpp"
#include "actors/lookout.hpp"
#include "actors/operator_modules.hpp"
#include "actors/owned_path.hpp"
#include "actors/reception.hpp"
#include "actors/rooted_record_files.hpp"
#include "actors/saved_files.hpp"
#include "actors/state_folder.hpp"
#include "actors/worker_door.hpp"

namespace volley::actors {

struct tcp_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;            ///< 0: any free one
  std::filesystem::path token_file;  ///< of admins; those of other roles lie beside it
  std::chrono::steady_clock::duration token_lifetime = std::chrono::hours(24);
};

struct workers_options {
  std::string host = "127.0.0.1";    ///< where workers reach this process
  std::uint16_t port = 0;            ///< 0: any free one
  std::filesystem::path token_file;  ///< of workers: it opens no other door, and no other token opens this one
  bool alone = false;                ///< this process leaves the work to them
};

struct server_options {
  std::filesystem::path socket_path;
  std::optional<tcp_options> tcp;
  std::optional<workers_options> workers;      ///< nothing: this process is the only one
  std::optional<protocol::tls_files> tls;      ///< of both doors; workers must show certificates, too
  bool insecure = false;                       ///< other machines may reach doors without TLS
  std::optional<std::filesystem::path> state;  ///< folder of kernels that outlive the process
  /// Between two checkpoints: of the network in the folder, and of what workers compute. 0: none; nothing: as often as
  /// a twentieth of the time allows.
  std::optional<std::chrono::milliseconds> checkpoint_period;
  std::filesystem::path data_root = ".";                  ///< files of recorders and saved networks lie below it
  std::optional<std::filesystem::path> audit;             ///< file that tells who asked for what
  std::optional<std::filesystem::path> modules;           ///< folder that modules may be loaded from; none: not at all
  std::int64_t vps = 1;                                   ///< total_num_virtual_procs of a fresh kernel
  std::uint64_t memory_limit = runtime::no_memory_limit;  ///< bytes that all networks may take
  std::chrono::duration<double> longest_run = runs_any_time;  ///< see kernel_place
  connection_limits limits;
  backoff_limits refusals;
  std::size_t most_strangers = 64;  ///< connections without a valid greeting; the oldest makes room
  std::size_t most_sessions = 32;
  std::size_t most_kernels = 16;
  std::chrono::milliseconds stuck_after{60'000};  ///< see slice_watch; then the VP is given up
};

class server final : private reception {
 public:
  /// Listens when it returns. Throws std::runtime_error when another server does, the folder of the socket is not
  /// there, other machines reach a door and nothing protects it, a certificate is wrong, or others than the operator
  /// could say which modules are loaded.
  explicit server(const server_options& options);
  /// Socket and token file are gone afterwards.
  ~server() = default;

  /// Serves until stop(), SIGINT, SIGTERM or SIGHUP; then ends the running job, tells clients goodbye and returns.
  /// SIGUSR1 revokes the tokens. Throws std::runtime_error when the default kernel in the folder of state cannot go on.
  /// Ends the process itself where a VP does not come out of a slice: its thread cannot be ended.
  void run();
  /// From any thread.
  void stop();
  /// From any thread: new tokens; whoever came in by an old one is put out.
  void revoke_tokens();

  /// Zero without TCP.
  std::uint16_t tcp_port() const { return tcp_port_; }
  std::uint16_t workers_port() const { return worker_door_ ? worker_door_->port() : 0; }

 private:
  using unix_acceptor = boost::asio::local::stream_protocol::acceptor;
  using tcp_acceptor = boost::asio::ip::tcp::acceptor;

  void listen_on_unix_socket();
  void listen_on_tcp(const tcp_options& where);
  cluster_setup listen_for_workers(const workers_options& where);
  template <class Acceptor> void accept(Acceptor& door);
  protocol::tls_session tls_of(const boost::asio::local::stream_protocol::socket&) { return nullptr; }
  protocol::tls_session tls_of(const boost::asio::ip::tcp::socket&);
  void receive(wire accepted, const peer& who);
  void renew_tokens();
  void await_expiry();
  void await_signal();
  std::optional<role> role_of(const peer& who, const std::string& token) override;
  std::chrono::milliseconds refusal_after(const peer& who, const std::string& why) override;
  session_actor open_session(const std::shared_ptr<connection>& client, role may, const greeting& from) override;
  void closed(const connection& who) override;
  state_setup keep_state(const kernel_place& of);
  void shut_down();
  void end_host();

  const server_options options_;
  const std::shared_ptr<protocol::tls_identity> tls_;  // null: nothing is encrypted
  std::optional<keyring> tokens_;                      // with TCP
  backoff backoff_;
  std::uint16_t tcp_port_ = 0;
  owned_path socket_file_;
  std::list<std::weak_ptr<connection>> strangers_, clients_;
  boost::asio::io_context context_{1};
  boost::asio::signal_set signals_{context_};
  boost::asio::steady_timer pause_{context_};   // of accepting, when descriptors run out
  boost::asio::steady_timer expiry_{context_};  // of the tokens
  unix_acceptor unix_door_{context_};
  tcp_acceptor tcp_door_{context_};
  std::optional<audit_log> audit_;  // before those that write to it
  fleet fleet_;
  std::optional<worker_door> worker_door_;
  std::optional<link_door> link_door_;
  owned_path worker_token_file_;
  rooted_record_files files_;
  rooted_saved_files networks_;
  std::optional<operator_modules> modules_;
  std::shared_ptr<state_folder> state_;                // of the default kernel; null: nothing is kept
  std::map<std::string, std::filesystem::path> kept_;  // folders of kernels that are still to go on
  std::string failure_;                                // of the default kernel
  std::unique_ptr<host> host_;
  std::optional<lookout> watch_;
  bool stands_still_ = false;  // a thread does
};

}  // namespace volley::actors
