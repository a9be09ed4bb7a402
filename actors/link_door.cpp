#include "actors/link_door.hpp"

#include <array>
#include <chrono>
#include <optional>
#include <span>

#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "actors/byte_body.hpp"
#include "actors/proof.hpp"
#include "protocol/limits.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace cluster = runtime::cluster;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds greeting_within{10};
constexpr std::size_t most_waiting = 256;

std::string words_of(const protocol::header& h) {
  std::string all = "link";
  for (const std::uint64_t part :
       {h.epoch, std::uint64_t{h.incarnation}, std::uint64_t{h.source}, std::uint64_t{h.destination}, h.position})
    all += " " + std::to_string(part);
  return all;
}

protocol::frame greeting_of(tcp_links& mine, cluster::worker_number to, std::uint64_t next) {
  protocol::header head;
  head.kind = protocol::frame_kind::link;
  head.epoch = mine.at().epoch;
  head.incarnation = mine.at().placement;
  head.source = mine.me().index();
  head.destination = to.index();
  head.position = next;
  const auto proof = prove(mine.secret(), words_of(head));
  return protocol::frame(head, byte_body(std::as_bytes(std::span(proof))));
}

}  // namespace

/// A connection that is not a link yet. It lives as long as something of it is on its way.
class half_link : public std::enable_shared_from_this<half_link> {
 public:
  half_link(tcp_links::socket connection, link_door& door)
      : connection_(std::move(connection)), door_(door), deadline_(connection_.get_executor()) {}

  void dial(std::shared_ptr<tcp_links> from, const cluster::told::place::peer& to) {
    mine_ = std::move(from);
    peer_ = to.number;
    expire();
    error_code wrong;
    const auto address = asio::ip::make_address(to.address, wrong);
    if (wrong) return fail("its address is " + to.address);
    connection_.async_connect({address, to.port}, [self = shared_from_this()](error_code failure) {
      if (failure) return self->fail(failure.message());
      self->greet();
      self->read();
    });
  }
  void accept() {
    expire();
    read();
  }
  /// Of an accepted one that has said who it is: perhaps its placement is known now.
  void meet() {
    if (mine_ || !theirs_) return;
    const auto mine = door_.links_of({theirs_->head().epoch, theirs_->head().incarnation});
    if (!mine) return;
    mine_ = mine;
    peer_ = cluster::worker_number(theirs_->head().source);
    if (!is_right()) return drop();
    if (const auto next = greet()) attach();
  }
  void drop() {
    error_code ignored;
    connection_.close(ignored);
    deadline_.cancel();
  }

 private:
  void expire() {
    deadline_.expires_after(greeting_within);
    deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->fail("it does not answer");
    });
  }

  std::optional<std::uint64_t> greet() {
    const auto next = mine_->next_of(peer_);
    if (!next) return drop(), std::nullopt;
    const auto f = greeting_of(*mine_, peer_, *next);
    const auto head = protocol::encode_header(f);
    error_code failure;
    asio::write(connection_, std::array{asio::buffer(head), asio::buffer(f.body_bytes().data(), f.body_bytes().size())},
                failure);
    if (failure) return fail(failure.message()), std::nullopt;
    return next;
  }

  void read() {
    asio::async_read(connection_, asio::buffer(bytes_), [self = shared_from_this()](error_code failure, std::size_t) {
      if (failure) return self->fail(failure.message());
      try {
        self->theirs_ = protocol::decode_frame(self->bytes_, protocol::hello_limit_words);
        if (self->theirs_->head().kind != protocol::frame_kind::link) throw protocol::malformed("no greeting");
      } catch (const std::exception& fault) {
        return self->fail(fault.what());
      }
      if (!self->mine_) return self->door_.wait_for_links(self);
      self->is_right() ? self->attach() : self->fail("it does not know the secret of the placement");
    });
  }

  bool is_right() const {
    const auto& head = theirs_->head();
    const auto given = bytes_in(theirs_->body());
    return cluster::fence{head.epoch, head.incarnation} == mine_->at() && head.source == peer_.index() &&
           head.destination == mine_->me().index() &&
           is_proof({reinterpret_cast<const char*>(given.data()), given.size()}, mine_->secret(), words_of(head));
  }

  void attach() {
    deadline_.cancel();
    connection_.non_blocking(true);
    mine_->attach(peer_, std::move(connection_), theirs_->head().position);
  }

  void fail(const std::string& why) {
    drop();
    // A stranger's failure is nobody's; a peer that cannot be dialled is missed.
    if (mine_ && !theirs_) mine_->give_up(peer_, why);
  }

  static constexpr std::size_t greeting_bytes = protocol::header_bytes + sizeof(protocol::word) + proof_bytes;

  tcp_links::socket connection_;
  link_door& door_;
  asio::steady_timer deadline_;
  std::shared_ptr<tcp_links> mine_;
  cluster::worker_number peer_;
  std::array<std::byte, greeting_bytes> bytes_;
  std::optional<protocol::frame> theirs_;
};

link_door::link_door(asio::io_context& context, const std::string& address) : context_(context), door_(context) {
  const auto where = asio::ip::make_address(address);
  door_.open(where.is_v4() ? asio::ip::tcp::v4() : asio::ip::tcp::v6());
  door_.bind({where, 0});
  door_.listen();
  port_ = door_.local_endpoint().port();
  accept();
}

link_door::~link_door() = default;

void link_door::shut() {
  error_code ignored;
  door_.close(ignored);
  for (const auto& one : std::list(waiting_))
    if (const auto alive = one.lock()) alive->drop();
  waiting_.clear();
}

void link_door::accept() {
  door_.async_accept([this](error_code failure, tcp_links::socket accepted) {
    if (!door_.is_open()) return;
    if (!failure) std::make_shared<half_link>(std::move(accepted), *this)->accept();
    accept();
  });
}

void link_door::wait_for_links(const std::shared_ptr<half_link>& who) {
  std::erase_if(waiting_, [](const auto& one) { return one.expired(); });
  if (waiting_.size() >= most_waiting) return who->drop();
  waiting_.push_back(who);
  who->meet();
}

std::shared_ptr<tcp_links> link_door::links_of(cluster::fence at) const {
  const std::lock_guard guard(current_);
  return links_ && links_->at() == at ? links_ : nullptr;
}

std::shared_ptr<links> link_door::open(cluster::fence at, cluster::worker_number me, const cluster::told::place& what,
                                       std::shared_ptr<link_listener> listener) {
  auto fresh = std::make_shared<tcp_links>(at, me, what, std::move(listener), lookers);
  {
    const std::lock_guard guard(current_);
    if (links_) {
      const auto old = links_->dropped();
      dropped_before_.stale += old.stale;
      dropped_before_.repeated += old.repeated;
    }
    links_ = fresh;
  }
  asio::post(context_, [this, fresh, what] { dial(fresh, what); });
  return fresh;
}

void link_door::dial(const std::shared_ptr<tcp_links>& from, const cluster::told::place& what) {
  for (const auto& one : std::list(waiting_))
    if (const auto alive = one.lock()) alive->meet();
  for (const auto& peer : what.peers)
    if (peer.number < from->me()) std::make_shared<half_link>(tcp_links::socket(context_), *this)->dial(from, peer);
}

dropped_frames link_door::dropped() const {
  const std::lock_guard guard(current_);
  auto all = dropped_before_;
  if (links_) {
    const auto now = links_->dropped();
    all.stale += now.stale;
    all.repeated += now.repeated;
  }
  return all;
}

bool link_door::look() {
  const std::unique_lock guard(current_, std::try_to_lock);
  return guard && links_ && links_->poll();
}

void link_door::about_to_sleep() {
  std::shared_ptr<tcp_links> mine;
  {
    const std::lock_guard guard(current_);
    mine = links_;
  }
  if (mine) mine->watch();
}

}  // namespace volley::actors
