#include "actors/rank_greeting.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <thread>

#include "actors/byte_body.hpp"
#include "protocol/frame.hpp"
#include "protocol/release.hpp"
#include "runtime/base/digest.hpp"
#include "runtime/base/snapshot.hpp"
#include "runtime/cluster/rank_meeting.hpp"

namespace volley::actors {

namespace {

using clock = std::chrono::steady_clock;
namespace cluster = runtime::cluster;

struct rank_welcome {
  std::string refused;  // why; empty: it is welcome
  rank_door door;
  template <class Snapshot> void snapshot(Snapshot& s) { s(refused, door); }
};

std::string build_of_this_code() {
  Dl_info about{};
  if (::dladdr(reinterpret_cast<const void*>(&own_rank_card), &about) == 0 || about.dli_fname == nullptr) return {};
  std::ifstream file(about.dli_fname, std::ios::binary);
  runtime::digest sum;
  std::vector<char> part(1 << 20);
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0)
    sum.add(part.data(), static_cast<std::size_t>(file.gcount()));
  return std::to_string(sum.value());
}

std::string own_host() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

template <class Content> void send(rank_post& post, std::uint32_t to, const Content& what) {
  post.send(rank_post::kind::word, to, {post.epoch()}, byte_body(runtime::bytes_of(what)));
}

/// Greetings as they come, until all that are waited for have.
class patience {
 public:
  patience(std::chrono::milliseconds note_after, std::chrono::milliseconds give_up_after,
           const std::function<void(const std::string&)>& note)
      : began_(clock::now()), next_note_(note_after), give_up_after_(give_up_after), note_(note) {}

  void wait(const std::string& for_whom) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began_);
    if (waited < next_note_) return;
    next_note_ *= 2;
    const auto text = for_whom + " has not opened its kernel for " + cluster::seconds_text(waited);
    if (waited >= give_up_after_) throw std::runtime_error(text);
    note_(text);
  }

 private:
  const clock::time_point began_;
  std::chrono::milliseconds next_note_;
  const std::chrono::milliseconds give_up_after_;
  const std::function<void(const std::string&)>& note_;
};

std::vector<rank_card> hear_all(rank_post& post, const rank_card& mine, patience& until) {
  std::vector<std::optional<rank_card>> cards(post.ranks());
  cards[0] = mine;
  std::vector<rank_post::message> came;
  for (std::uint32_t next = 1; next < post.ranks();) {
    post.take(rank_post::kind::word, came);
    for (const auto& m : came)
      if (m.what.epoch == post.epoch()) cards[m.from] = runtime::object_of<rank_card>(bytes_in(m.content));
    came.clear();
    if (cards[next])
      ++next;
    else
      until.wait("rank " + std::to_string(next));
  }
  std::vector<rank_card> all;
  for (auto& one : cards) all.push_back(std::move(*one));
  return all;
}

}  // namespace

std::string rank_card::name() const { return "process " + std::to_string(build.process) + " on " + host; }

rank_card own_rank_card() {
  rank_card mine;
  mine.build.protocol = protocol::version;
  mine.build.release = protocol::release;
  mine.build.build = build_of_this_code();
  mine.build.digest = cluster::arithmetic_digest();
  mine.build.process = static_cast<std::uint32_t>(::getpid());
  mine.host = own_host();
  return mine;
}

rank_greeting greet(rank_post& post, const rank_card& mine, const std::function<rank_door()>& door,
                    std::chrono::milliseconds note_after, std::chrono::milliseconds give_up_after,
                    const std::function<void(const std::string&)>& note) {
  patience until(note_after, give_up_after, note);
  if (post.rank() == 0) {
    rank_greeting all{hear_all(post, mine, until), {}};
    rank_welcome answer;
    for (std::uint32_t rank = 1; rank < post.ranks() && answer.refused.empty(); ++rank)
      if (const auto why = cluster::incompatibility(mine.build, all.ranks[rank].build, "rank 0's"))
        answer.refused =
            "rank " + std::to_string(rank) + " (" + all.ranks[rank].name() + ") cannot work with rank 0: " + *why;
    if (answer.refused.empty()) answer.door = door();
    for (std::uint32_t rank = 1; rank < post.ranks(); ++rank) send(post, rank, answer);
    if (!answer.refused.empty()) throw std::runtime_error(answer.refused);
    return all;
  }
  send(post, 0, mine);
  std::vector<rank_post::message> came;
  while (came.empty() || came.back().what.epoch != post.epoch()) {
    came.clear();
    if (!post.take(rank_post::kind::word, came)) until.wait("rank 0");
  }
  auto answer = runtime::object_of<rank_welcome>(bytes_in(came.back().content));
  if (!answer.refused.empty()) throw std::runtime_error(answer.refused);
  return {{}, std::move(answer.door)};
}

}  // namespace volley::actors
