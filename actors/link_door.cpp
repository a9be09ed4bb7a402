#include "actors/link_door.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <span>

#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>

#include "actors/backoff.hpp"
#include "actors/byte_body.hpp"
#include "actors/places.hpp"
#include "actors/proof.hpp"
#include "protocol/limits.hpp"

namespace volley::actors {

namespace asio = boost::asio;
namespace cluster = runtime::cluster;
using boost::system::error_code;

namespace {

// The other end may get to know of a placement much later.
constexpr std::chrono::seconds greeting_within{10};
constexpr std::chrono::milliseconds dial_again_after{100};
constexpr std::size_t most_strangers = 256;

std::string words_of(const protocol::header& h) {
  std::string all = h.kind == protocol::frame_kind::link ? "link" : "images";
  for (const std::uint64_t part :
       {h.epoch, std::uint64_t{h.incarnation}, std::uint64_t{h.source}, std::uint64_t{h.destination}, h.position})
    all += " " + std::to_string(part);
  return all;
}

protocol::frame greeting_of(link_end& mine, cluster::worker_number to, std::uint64_t next) {
  protocol::header head;
  head.kind = mine.greeting();
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
  using clock = tcp_links::clock;

  half_link(asio::ip::tcp::socket connection, link_door& door)
      : plain_(std::move(connection)), door_(door), deadline_(plain_.get_executor()) {}

  /// Until `answer_by`. What does not come about is tried again until `until`.
  void dial(std::shared_ptr<link_end> from, const tcp_links::address& to, clock::time_point until,
            clock::time_point answer_by) {
    mine_ = std::move(from);
    dialled_ = {to, until, answer_by};
    peer_ = to.number;
    expire(answer_by);
    error_code wrong;
    const auto address = asio::ip::make_address(to.address, wrong);
    if (wrong) return fail("its address is " + to.address);
    plain_.async_connect({address, to.port}, [self = shared_from_this()](error_code failure) {
      if (failure) return self->fail(failure.message());
      const auto& tls = self->door_.tls_;
      self->begin(tls ? tls->dialling_any() : nullptr);
    });
  }
  void accept() {
    expire(clock::now() + greeting_within);
    begin(door_.tls_ ? door_.tls_->accepting(true) : nullptr);
  }
  /// Of an accepted one that has said who it is: perhaps its placement is known now.
  void meet() {
    if (mine_ || !theirs_) return;
    const auto mine = door_.end_of(theirs_->head().kind, {theirs_->head().epoch, theirs_->head().incarnation});
    if (!mine) return;
    mine_ = mine;
    peer_ = cluster::worker_number(theirs_->head().source);
    if (!is_right()) return drop();
    if (greet()) attach();
  }
  void drop() {
    over_ = true;
    error_code ignored;
    plain_.close(ignored);
    if (connection_) connection_->close();
    deadline_.cancel();
  }

 private:
  struct dialling {
    tcp_links::address to;
    clock::time_point until, answer_by;
  };

  void expire(clock::time_point when) {
    deadline_.expires_at(when);
    deadline_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled) self->fail("it does not answer");
    });
  }

  void begin(protocol::tls_session session) {
    if (over_) return;
    connection_.emplace(std::move(plain_), std::move(session));
    connection_->async_shake_hands([self = shared_from_this()](const std::string& why) {
      if (!why.empty()) return self->fail(why);
      if (!self->dialled_ || self->greet()) self->read();
    });
  }

  bool greet() {
    const auto next = mine_->next_of(peer_);
    if (!next) return drop(), false;
    const bool done = put_at_once(connection_->bytes(), greeting_of(*mine_, peer_, *next));
    if (!done) fail("its connection ended");
    return done;
  }

  void read() {
    asio::async_read(*connection_, asio::buffer(bytes_), [self = shared_from_this()](error_code failure, std::size_t) {
      if (failure) return self->fail(self->connection_->why(failure));
      try {
        self->theirs_ = protocol::decode_frame(self->bytes_, protocol::hello_limit_words);
        const auto kind = self->theirs_->head().kind;
        if (kind != protocol::frame_kind::link && kind != protocol::frame_kind::image_link)
          throw protocol::malformed("no greeting");
        const auto given = bytes_in(self->theirs_->body());
        self->proof_.assign(reinterpret_cast<const char*>(given.data()), given.size());
      } catch (const std::exception& fault) {
        return self->fail(fault.what());
      }
      if (!self->mine_) return self->meet();
      self->is_right() ? self->attach() : self->fail("it does not know the secret of the placement");
    });
  }

  bool is_right() const {
    const auto& head = theirs_->head();
    return head.kind == mine_->greeting() && cluster::fence{head.epoch, head.incarnation} == mine_->at() &&
           head.source == peer_.index() && head.destination == mine_->me().index() &&
           is_proof(proof_, mine_->secret(), words_of(head));
  }

  void attach() {
    over_ = true;
    deadline_.cancel();
    mine_->attach(peer_, std::move(*connection_), theirs_->head().position);
  }

  // A stranger's failure is nobody's; a peer that cannot be dialled is missed.
  void fail(const std::string& why) {
    if (over_) return;
    drop();
    if (!dialled_) return;
    deadline_.expires_at(std::min(clock::now() + dial_again_after, dialled_->until));
    deadline_.async_wait([self = shared_from_this(), why](error_code cancelled) {
      if (cancelled) return;
      const auto& [to, until, answer_by] = *self->dialled_;
      self->door_.dial(self->mine_, to, until, answer_by, why);
    });
  }

  static constexpr std::size_t greeting_bytes = protocol::header_bytes + sizeof(protocol::word) + proof_bytes;

  asio::ip::tcp::socket plain_;     // until it is connected, and
  std::optional<wire> connection_;  // from then on
  link_door& door_;
  asio::steady_timer deadline_;
  bool over_ = false;
  std::optional<dialling> dialled_;
  std::shared_ptr<link_end> mine_;
  cluster::worker_number peer_;
  std::array<std::byte, greeting_bytes> bytes_;
  std::optional<protocol::frame> theirs_;
  std::string proof_;
};

link_door::link_door(asio::io_context& context, const asio::ip::address& address,
                     std::shared_ptr<protocol::tls_identity> tls)
    : context_(context), tls_(std::move(tls)), door_(context), pause_(context) {
  listen_at(door_, address, 0);
  port_ = door_.local_endpoint().port();
  accept();
}

link_door::~link_door() = default;

void link_door::shut() {
  error_code ignored;
  door_.close(ignored);
  pause_.cancel();
  for (const auto& one : mending_)
    if (const auto alive = one.lock()) alive->cancel();
  for (const auto& list : {strangers_, dialled_})
    for (const auto& one : list)
      if (const auto alive = one.lock()) alive->drop();
}

void link_door::accept() {
  door_.async_accept([this](error_code failure, asio::ip::tcp::socket accepted) {
    if (!door_.is_open()) return;
    if (failure) {
      pause_.expires_after(accept_again_after);
      return pause_.async_wait([this](error_code stopped) {
        if (!stopped && door_.is_open()) accept();
      });
    }
    std::erase_if(strangers_, [](const auto& one) { return one.expired(); });
    const auto stranger = std::make_shared<half_link>(std::move(accepted), *this);
    strangers_.push_back(stranger);
    stranger->accept();
    if (strangers_.size() > most_strangers)
      if (const auto oldest = strangers_.front().lock()) oldest->drop();
    accept();
  });
}

std::shared_ptr<link_end> link_door::end_of(protocol::frame_kind greeting, cluster::fence at) const {
  std::shared_ptr<link_end> mine;
  {
    const std::lock_guard guard(current_);
    if (greeting == protocol::frame_kind::link) {
      const auto found = std::ranges::find(links_, at, [](const auto& one) { return one->at(); });
      if (found != links_.end()) mine = *found;
    } else {
      for (const auto& one : posts_)
        if (const auto alive = one.lock(); alive && alive->at() == at) mine = alive;
    }
  }
  return mine && mine->is_open() ? mine : nullptr;
}

std::shared_ptr<links> link_door::open(cluster::fence at, cluster::worker_number me, const cluster::told::place& what,
                                       std::shared_ptr<link_listener> listener) {
  const auto mend = [this](const auto& which, const tcp_links::address& peer, time_point stood,
                           const std::string& why) {
    asio::post(context_, [=, this] { this->mend(which, peer, stood, why); });
  };
  const auto closed = [this](tcp_links& which) { forget(which); };
  auto fresh = std::make_shared<tcp_links>(at, me, what, std::move(listener),
                                           tcp_links::surroundings{.lookers = lookers, .mend = mend, .closed = closed});
  {
    const std::lock_guard guard(current_);
    links_.push_back(fresh);
  }
  asio::post(context_, [this, fresh, peers = what.peers] { dial_all(fresh, peers); });
  return fresh;
}

void link_door::forget(tcp_links& closed) {
  const std::lock_guard guard(current_);
  if (std::erase_if(links_, [&](const auto& one) { return one.get() == &closed; }) > 0)
    counts_before_ += closed.counts();
}

std::shared_ptr<image_carrier> link_door::open_for_images(cluster::fence at, cluster::worker_number me,
                                                          const std::string& secret, image_listener listener) {
  const auto dials = [this](const std::shared_ptr<image_post>& from, const link_end::address& peer) {
    asio::post(context_, [=, this] {
      const auto now = tcp_links::clock::now();
      dial(from, peer, now + tcp_links::mended_within, now + greeting_within, {});
    });
  };
  auto fresh = std::make_shared<image_post>(at, me, secret, std::move(listener), dials);
  {
    const std::lock_guard guard(current_);
    std::erase_if(posts_, [](const auto& one) { return one.expired(); });
    posts_.push_back(fresh);
  }
  asio::post(context_, [this] { meet_strangers(); });
  return fresh;
}

void link_door::meet_strangers() {
  for (const auto& one : std::list(strangers_))
    if (const auto alive = one.lock()) alive->meet();
}

void link_door::dial_all(const std::shared_ptr<tcp_links>& from, const std::vector<tcp_links::address>& peers) {
  meet_strangers();
  const auto now = tcp_links::clock::now();
  for (const auto& peer : peers)
    if (peer.number < from->me()) dial(from, peer, now + tcp_links::mended_within, now + greeting_within, {});
}

void link_door::dial(const std::shared_ptr<link_end>& from, const tcp_links::address& to, time_point until,
                     time_point answer_by, const std::string& why) {
  if (!door_.is_open() || !from->lacks(to.number)) return;
  if (!why.empty() && tcp_links::clock::now() >= until) return from->give_up(to.number, why);
  std::erase_if(dialled_, [](const auto& one) { return one.expired(); });
  const auto half = std::make_shared<half_link>(asio::ip::tcp::socket(context_), *this);
  dialled_.push_back(half);
  half->dial(from, to, until, answer_by);
}

// The one with the higher number dials, as in the beginning; the other waits, and gives up in the end. Connections
// that break at once are not made in one go.
void link_door::mend(const std::shared_ptr<tcp_links>& which, const tcp_links::address& peer, time_point stood,
                     const std::string& why) {
  const auto until = tcp_links::clock::now() + tcp_links::mended_within;
  const bool dials = peer.number < which->me();
  std::erase_if(mending_, [](const auto& one) { return one.expired(); });
  const auto when = std::make_shared<asio::steady_timer>(context_, dials ? stood + dial_again_after : until);
  mending_.push_back(when);
  when->async_wait([=, this, alive = when](error_code stopped) {
    if (stopped || !door_.is_open()) return;
    dials ? dial(which, peer, until, until, {}) : which->give_up(peer.number, why);
  });
}

frame_counts link_door::counts() const {
  const std::lock_guard guard(current_);
  auto all = counts_before_;
  for (const auto& one : links_) all += one->counts();
  return all;
}

bool link_door::look() {
  const std::unique_lock guard(current_, std::try_to_lock);
  bool any = false;
  for (std::size_t i = 0; guard && i < links_.size(); ++i) any = links_[i]->poll() || any;
  return any;
}

std::optional<std::chrono::nanoseconds> link_door::about_to_sleep() {
  const std::lock_guard guard(current_);
  for (const auto& one : links_) one->watch();
  return {};
}

}  // namespace volley::actors
