#include "actors/mpi/mpi_post.hpp"

#include <sched.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace volley::actors {

namespace {

constexpr int piece_tag = 1, rest_tag = 2;

void check(int result, const char* what) {
  if (result == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING + 1> text{};
  int length = 0;
  MPI_Error_string(result, text.data(), &length);
  throw std::runtime_error(std::string(what) + ": " + text.data());
}

int count_of(MPI_Comm comm, int (*ask)(MPI_Comm, int*)) {
  int number = 0;
  check(ask(comm, &number), "MPI");
  return number;
}

MPI_Comm copy_of_world() {
  MPI_Comm made = MPI_COMM_NULL;
  check(MPI_Comm_dup(MPI_COMM_WORLD, &made), "MPI_Comm_dup");
  check(MPI_Comm_set_errhandler(made, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
  return made;
}

}  // namespace

mpi_world::mpi_world() {
  int begun = 0, provided = MPI_THREAD_SINGLE;
  check(MPI_Initialized(&begun), "MPI_Initialized");
  if (begun != 0) {
    check(MPI_Query_thread(&provided), "MPI_Query_thread");
  } else {
    // Calls come from several threads, though never two at once; another user of MPI may make some beside.
    check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_MULTIPLE, &provided), "MPI_Init_thread");
    begun_here_ = true;
  }
  if (provided < MPI_THREAD_SERIALIZED)
    throw std::runtime_error(
        "MPI was begun for one thread alone; whoever begins it must ask for MPI_THREAD_SERIALIZED");
  words = copy_of_world();
  batches = copy_of_world();
  rank = static_cast<std::uint32_t>(count_of(words, MPI_Comm_rank));
  ranks = static_cast<std::uint32_t>(count_of(words, MPI_Comm_size));
  MPI_Comm machine = MPI_COMM_NULL;
  check(MPI_Comm_split_type(words, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine), "MPI_Comm_split_type");
  neighbours = static_cast<std::uint32_t>(count_of(machine, MPI_Comm_size));
  MPI_Comm_free(&machine);
}

void mpi_world::end() {
  int ended = 0;
  if (!begun_here_ || gives_up_ || MPI_Finalized(&ended) != MPI_SUCCESS || ended != 0) return;
  MPI_Finalize();
}

/// One thread at a time; the others' turns are short.
class mpi_post::turn {
 public:
  explicit turn(std::atomic_flag& busy) : busy_(busy) {
    for (int tries = 0; busy_.test_and_set(std::memory_order_acquire); ++tries)
      if (tries > 100) ::sched_yield();
    has_it_ = true;
  }
  turn(std::atomic_flag& busy, std::try_to_lock_t) : busy_(busy) {
    has_it_ = !busy_.test_and_set(std::memory_order_acquire);
  }
  ~turn() {
    if (has_it_) busy_.clear(std::memory_order_release);
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;
  explicit operator bool() const { return has_it_; }

 private:
  std::atomic_flag& busy_;
  bool has_it_ = false;
};

mpi_post::mpi_post(mpi_world& world, std::uint64_t epoch) : world_(world), epoch_(epoch) {
  of(kind::word).comm = world.words;
  of(kind::batch).comm = world.batches;
  for (auto& c : channels_) {
    const auto pieces = world.ranks * pieces_ahead;
    c.senders = std::vector<sender>(world.ranks);
    c.receives.assign(pieces, MPI_REQUEST_NULL);
    c.done.resize(pieces);
    c.statuses.resize(pieces);
    for (std::uint32_t from = 0; from < world.ranks; ++from)
      for (std::size_t which = 0; which < pieces_ahead && from != world.rank; ++which) expect(c, from, which);
  }
}

mpi_post::~mpi_post() {
  const turn mine(busy_);
  const auto give_up = [](MPI_Request& request) {
    if (request == MPI_REQUEST_NULL) return;
    MPI_Cancel(&request);
    MPI_Request_free(&request);
  };
  for (auto& c : channels_) {
    for (auto& request : c.receives) give_up(request);
    for (auto& one : c.senders) give_up(one.rest);
  }
  // MPI reads what has not gone, now or never: it stays where it lies.
  if (!sent_.empty()) static_cast<void>(new std::deque<sending>(std::move(sent_)));
}

std::string mpi_post::carrier() const {
  return "Open MPI " + std::to_string(OMPI_MAJOR_VERSION) + "." + std::to_string(OMPI_MINOR_VERSION) + "." +
         std::to_string(OMPI_RELEASE_VERSION);
}

// ---- out

void mpi_post::send(kind which, std::uint32_t to, const label& what, protocol::body content) {
  const turn mine(busy_);
  const auto comm = of(which).comm;
  const heading head{what, content ? content->size() : 0};
  const auto in_first = std::min<std::size_t>(head.words, first_words), in_rest = head.words - in_first;
  sending one;
  one.first = std::make_unique_for_overwrite<piece>();
  std::memcpy(one.first->data(), &head, sizeof head);
  if (in_first > 0)
    std::memcpy(one.first->data() + heading_words, content->view().data(), in_first * sizeof(protocol::word));
  check(MPI_Isend(one.first->data(), static_cast<int>(heading_words + in_first), MPI_UINT64_T, static_cast<int>(to),
                  piece_tag, comm, &one.requests[0]),
        "MPI_Isend");
  if (in_rest > 0) {
    check(MPI_Isend(content->view().data() + in_first, static_cast<int>(in_rest), MPI_UINT64_T, static_cast<int>(to),
                    rest_tag, comm, &one.requests[1]),
          "MPI_Isend");
    one.content = std::move(content);
  }
  sent_.push_back(std::move(one));
  forget_what_has_gone();
}

void mpi_post::forget_what_has_gone() {
  while (!sent_.empty()) {
    int gone = 0;
    check(MPI_Testall(2, sent_.front().requests.data(), &gone, MPI_STATUSES_IGNORE), "MPI_Testall");
    if (gone == 0) return;
    sent_.pop_front();
  }
}

bool mpi_post::is_sent() {
  const turn mine(busy_);
  forget_what_has_gone();
  return sent_.empty();
}

// ---- in

void mpi_post::expect(channel& c, std::uint32_t from, std::size_t which) {
  auto& one = c.senders[from];
  one.filled[which] = 0;
  check(MPI_Irecv(one.pieces[which].data(), static_cast<int>(piece_words), MPI_UINT64_T, static_cast<int>(from),
                  piece_tag, c.comm, &c.receives[from * pieces_ahead + which]),
        "MPI_Irecv");
}

bool mpi_post::take(kind which, std::vector<message>& to) {
  const turn mine(busy_, std::try_to_lock);
  if (!mine) return false;
  forget_what_has_gone();
  auto& c = of(which);
  int n = 0;
  check(MPI_Testsome(static_cast<int>(c.receives.size()), c.receives.data(), &n, c.done.data(), c.statuses.data()),
        "MPI_Testsome");
  bool any = false;
  if (n != MPI_UNDEFINED)
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::size_t>(c.done[static_cast<std::size_t>(i)]);
      int words = 0;
      MPI_Get_count(&c.statuses[static_cast<std::size_t>(i)], MPI_UINT64_T, &words);
      c.senders[at / pieces_ahead].filled[at % pieces_ahead] = words;
    }
  if (n > 0 || !c.partial.empty()) {
    c.partial.clear();
    for (std::uint32_t from = 0; from < world_.ranks; ++from) {
      any = read(c, from, to) || any;
      if (c.senders[from].arriving) c.partial.push_back(from);
    }
  }
  return any;
}

// All messages of a rank that are here, in their order.
bool mpi_post::read(channel& c, std::uint32_t from, std::vector<message>& to) {
  auto& one = c.senders[from];
  bool any = false;
  while (begin_next(c, from)) {
    int here = 0;
    check(MPI_Test(&one.rest, &here, MPI_STATUS_IGNORE), "MPI_Test");
    if (here == 0) return any;
    to.push_back({from, one.arriving->what, std::make_shared<const protocol::words>(std::move(*one.content))});
    one.arriving.reset();
    one.content.reset();
    any = true;
  }
  return any;
}

/// The first piece of the next message is read, and its rest is on its way. False: it is not here.
bool mpi_post::begin_next(channel& c, std::uint32_t from) {
  auto& one = c.senders[from];
  if (one.arriving) return true;
  if (one.filled[one.next] == 0) return false;
  const auto& first = one.pieces[one.next];
  heading head;
  std::memcpy(static_cast<void*>(&head), first.data(), sizeof head);
  const auto in_first = std::min<std::size_t>(head.words, first_words);
  one.content = protocol::words::of_size(head.words);
  if (in_first > 0)
    std::memcpy(one.content->view().data(), first.data() + heading_words, in_first * sizeof(protocol::word));
  if (head.words > in_first)
    check(MPI_Irecv(one.content->view().data() + in_first, static_cast<int>(head.words - in_first), MPI_UINT64_T,
                    static_cast<int>(from), rest_tag, c.comm, &one.rest),
          "MPI_Irecv");
  one.arriving = head;
  expect(c, from, std::exchange(one.next, (one.next + 1) % pieces_ahead));
  return true;
}

}  // namespace volley::actors
