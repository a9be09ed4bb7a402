#include "actors/worker_process.hpp"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>  // before Asio, which uses std::exchange without it

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/byte_body.hpp"
#include "actors/convert_greeting.hpp"
#include "actors/crew.hpp"
#include "actors/lanes.hpp"
#include "actors/link_door.hpp"
#include "actors/lookout.hpp"
#include "actors/operator_modules.hpp"
#include "actors/own_card.hpp"
#include "actors/places.hpp"
#include "actors/proof.hpp"
#include "actors/rooted_record_files.hpp"
#include "actors/worker_link.hpp"
#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/send.hpp"
#include "protocol/limits.hpp"
#include "runtime/cluster/membership.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace cluster = runtime::cluster;

namespace {

using deadline = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds shortest_pause{50}, longest_pause{800};  // between two tries to join again

// ---- joining: one word after the other, nothing else to do

void await(int descriptor, protocol::transfer::wait what, deadline end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - deadline::clock::now());
  if (left.count() <= 0) throw std::runtime_error("the supervisor does not answer");
  pollfd ready{descriptor, static_cast<short>(what == protocol::transfer::wait::room ? POLLOUT : POLLIN), 0};
  ::poll(&ready, 1, static_cast<int>(left.count()));
}

// Until `step` has nothing to wait for.
template <class Step> protocol::transfer finish(wire& with, deadline end, Step step) {
  for (;;) {
    auto done = step(with.bytes());
    if (done.next == protocol::transfer::wait::nothing) return done;
    if (done.next == protocol::transfer::wait::forever)
      throw std::runtime_error("the supervisor cannot be joined: " + done.why +
                               (with.bytes().is_secure() ? "" : " (one with TLS hangs up on workers without)"));
    await(with.descriptor(), done.next, end);
  }
}

void receive(wire& from, std::span<std::byte> to, deadline end) {
  while (!to.empty()) to = to.subspan(finish(from, end, [&](auto& bytes) { return bytes.read(to); }).bytes);
}

protocol::frame read_frame(wire& from, deadline end) {
  protocol::encoded_header head;
  receive(from, head, end);
  const auto announced = protocol::decode_header(head, protocol::hello_limit_words);
  auto body = protocol::words::of_size(announced.body_words);
  receive(from, std::as_writable_bytes(body.view()), end);
  return protocol::assemble(announced, std::move(body));
}

void write_frame(wire& to, protocol::frame_kind kind, const protocol::body& body) {
  protocol::header h;
  h.kind = kind;
  if (!put_at_once(to.bytes(), protocol::frame(h, body)))
    throw std::runtime_error("the supervisor cannot be joined: it hung up");
}

std::string token_of(const worker_options& options) {
  std::string token = options.token;
  if (!options.token_file.empty()) std::ifstream(options.token_file) >> token;
  if (token.empty()) throw std::runtime_error("no token: give --token-file or VOLLEY_WORKER_TOKEN");
  return token;
}

cluster::worker_number join(wire& supervisor, const std::string& token, const cluster::worker_card& card,
                            deadline end) {
  finish(supervisor, end, [](auto& bytes) { return bytes.shake_hands(); });
  const auto asked = read_frame(supervisor, end);
  if (asked.head().kind != protocol::frame_kind::challenge) throw std::runtime_error("no supervisor listens there");
  const auto words = asked.body_bytes();
  const std::string challenge(reinterpret_cast<const char*>(words.data()), words.size());
  worker_greeting greeting{make_nonce(), {}, card};
  greeting.proof = prove(token, words_of_worker(challenge, greeting));
  write_frame(supervisor, protocol::frame_kind::worker_hello, encode_worker_greeting(greeting));
  const auto said = read_frame(supervisor, end);
  if (said.head().kind == protocol::frame_kind::refused) throw std::runtime_error(decode_refusal(said.body()));
  if (said.head().kind != protocol::frame_kind::admitted) throw std::runtime_error("no supervisor listens there");
  const auto notice = decode_admission(said.body());
  if (!is_proof(notice.proof, token, words_of_supervisor(challenge, greeting.nonce, notice)))
    throw std::runtime_error("the supervisor does not know the token");
  return cluster::worker_number(notice.number);
}

/// What a member of a cluster talks by.
struct seat {
  asio::io_context context{1};
  std::shared_ptr<protocol::tls_identity> tls;
  std::optional<link_door> door;
  std::optional<wire> supervisor;
  cluster::worker_number me;
};

/// Of a new member, whatever this process has been before. Signals end it meanwhile.
std::unique_ptr<seat> take_seat(const worker_options& options) {
  auto mine = std::make_unique<seat>();
  const auto token = token_of(options);
  const auto doors = resolved(place{options.host, options.port});
  for (const auto& one : doors) require_protection(one.address(), options.tls.has_value(), options.insecure);
  if (options.tls) mine->tls = std::make_shared<protocol::tls_identity>(*options.tls);
  asio::ip::tcp::socket supervisor(mine->context);
  boost::system::error_code failure;
  asio::connect(supervisor, doors, failure);
  if (failure)
    throw std::runtime_error("no supervisor at " + options.host + ":" + std::to_string(options.port) + ": " +
                             failure.message());
  // Others reach this process where it reaches the supervisor.
  const auto own_address = supervisor.local_endpoint().address();
  mine->door.emplace(mine->context, own_address, mine->tls);
  auto card = own_card(options.lanes, options.memory_limit);
  card.address = own_address.to_string();
  card.port = mine->door->port();
  mine->supervisor.emplace(std::move(supervisor), mine->tls ? mine->tls->dialling(options.host) : nullptr);
  mine->me = join(*mine->supervisor, token, card, deadline::clock::now() + options.answer_within);
  return mine;
}

std::unique_ptr<seat> take_seat_again(const worker_options& options, const std::string& lost) {
  const auto until = deadline::clock::now() + options.wait;
  for (auto pause = shortest_pause;; pause = std::min(2 * pause, longest_pause)) {
    std::this_thread::sleep_for(pause);
    try {
      return take_seat(options);
    } catch (const std::exception& failure) {
      if (deadline::clock::now() >= until) throw std::runtime_error(lost + ", and none came back: " + failure.what());
    }
  }
}

// ---- working

struct lanes_config : caf::actor_system_config {
  explicit lanes_config(std::size_t lanes) { use_lanes(*this, lanes); }
};

struct end {
  std::string why;
  bool in_order = false, is_loss = false;  // of the supervisor
};

/// All that it held is gone when it returns. `how` it came in is logged.
end compute(seat& mine, const worker_options& options, const runtime::module_files* modules, const char* how) {
  auto& context = mine.context;
  rooted_record_files files(options.data_root);
  asio::signal_set signals(context);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) signals.add(signal);
  std::printf("volley-server: %sworker %u computes on %zu lanes\n", how, unsigned{mine.me.index()}, options.lanes);
  std::fflush(stdout);

  std::optional<end> over;
  std::string stuck;  // who stands still
  bool ends = false;  // a signal says so
  const auto finish = [&](const end& how) {
    asio::post(context, [&, how] {
      if (!over) over = how;
      context.stop();
    });
  };
  lanes_config config(options.lanes);
  std::shared_ptr<worker_link> link;
  {
    caf::actor_system system(config);
    std::optional<crew> actors;
    const auto arrived = [&](std::span<const std::byte> bytes) {
      auto m = cluster::decoded_order_message(bytes);
      const auto* const goodbye = std::get_if<cluster::told::leave>(&m.what);
      if (goodbye != nullptr && m.at == cluster::fence())
        return finish({goodbye->why, ends || goodbye->why == cluster::told::supervisor_ends ||
                                         goodbye->why == cluster::told::drained});
      actors->take(std::move(m));
    };
    link = std::make_shared<worker_link>(
        std::move(*mine.supervisor),
        worker_link::manner{protocol::frame_kind::report, protocol::frame_kind::order, arrived,
                            [&](const std::string& why) {
                              finish({"the supervisor was lost: " + why, ends, true});
                            },
                            cluster::heartbeat_limits().dead_after});
    const auto say = [to = link](const cluster::report_message& m) { to->send(m.at, byte_body(cluster::encoded(m))); };
    actors.emplace(system, worker_setup{mine.me, &files, &*mine.door, say,
                                        [&](const std::string& why) { finish({why}); }, 0, modules});
    set_idle_work(system, &*mine.door);
    // The first signal drains this worker, the second ends it at once.
    signals.async_wait([&](boost::system::error_code failure, int) {
      if (failure) return;
      ends = true;
      say({{}, cluster::said::leaving()});
      signals.async_wait([&](boost::system::error_code failure, int) {
        if (!failure) finish({{}, true});
      });
    });
    lookout watch(context, system, options.stuck_after, [&](std::size_t, const runtime::slice_place& at) {
      if (!stuck.empty()) return;
      stuck = runtime::stood_still(at);
      say({{at.epoch, 0}, cluster::said::stuck{at}});
      link->close();
    });
    watch.look();
    link->start();
    context.run();
    if (!stuck.empty()) {
      std::fprintf(stderr, "volley-server: %s: this worker ends\n", stuck.c_str());
      std::_Exit(EXIT_FAILURE);
    }
    set_idle_work(system, nullptr);
  }
  return *over;
}

}  // namespace

void work(const worker_options& options) {
  std::optional<operator_modules> modules;
  if (options.modules) modules.emplace(*options.modules, options.data_root);
  auto mine = take_seat(options);
  for (const char* how = "";; how = "joined again: ") {
    const auto over = compute(*mine, options, modules ? &*modules : nullptr, how);
    mine.reset();
    if (over.in_order) return;
    if (!over.is_loss || options.wait == options.wait.zero()) throw std::runtime_error(over.why);
    const std::chrono::duration<double> seconds = options.wait;
    std::fprintf(stderr, "volley-server: %s; waiting %g s for one at %s:%u\n", over.why.c_str(), seconds.count(),
                 options.host.c_str(), unsigned{options.port});
    mine = take_seat_again(options, over.why);
  }
}

}  // namespace volley::actors
