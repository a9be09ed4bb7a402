// Messages between ranks by Open MPI, point to point. A message goes in one piece, with its label, where it is short;
// what is longer goes in a second one, straight from and to where it lies. Receives stand before their messages come,
// so that nothing is looked for and nothing is copied twice.
#pragma once
#include <mpi.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/rank_post.hpp"

namespace volley::actors {

/// MPI of this process, once it is begun: by whoever is first, this code or another.
class mpi_world {
 public:
  /// Waits until all processes of the launcher are here. Throws std::runtime_error when MPI cannot be used by threads.
  mpi_world();
  mpi_world(const mpi_world&) = delete;
  mpi_world& operator=(const mpi_world&) = delete;

  /// Ends MPI, unless somebody else has begun it. Waits for the other processes, but where one is gone.
  void end();
  void give_up() { gives_up_ = true; }

  MPI_Comm words = MPI_COMM_NULL, batches = MPI_COMM_NULL;
  std::uint32_t rank = 0, ranks = 1, neighbours = 1;

 private:
  bool begun_here_ = false;
  std::atomic<bool> gives_up_{false};
};

/// Thread safety: any thread may call. Calls of MPI are made by one at a time.
class mpi_post final : public rank_post {
 public:
  mpi_post(mpi_world& world, std::uint64_t epoch);
  /// What was sent and has not gone is given up.
  ~mpi_post() override;

  std::uint32_t rank() const override { return world_.rank; }
  std::uint32_t ranks() const override { return world_.ranks; }
  std::uint32_t neighbours() const override { return world_.neighbours; }
  std::uint64_t epoch() const override { return epoch_; }
  std::string carrier() const override;

  void send(kind which, std::uint32_t to, const label& what, protocol::body content) override;
  bool take(kind which, std::vector<message>& to) override;
  bool is_sent() override;
  void give_up() override { world_.give_up(); }

 private:
  // With what Open MPI adds, 4 KiB: what is longer it does not send by itself.
  static constexpr std::size_t piece_words = 480;
  static constexpr std::size_t pieces_ahead = 2;  // of each rank: while one is read, the next may come
  struct heading {
    label what;
    std::uint64_t words = 0;  // of the whole content
  };
  static constexpr std::size_t heading_words = sizeof(heading) / sizeof(protocol::word);
  static constexpr std::size_t first_words = piece_words - heading_words;
  using piece = std::array<protocol::word, piece_words>;

  /// What comes from one rank, in its order.
  struct sender {
    std::array<piece, pieces_ahead> pieces;
    std::array<int, pieces_ahead> filled{};  // words; 0: it has not come
    std::size_t next = 0;                    // the piece that is read next
    // A message whose rest is on its way.
    std::optional<heading> arriving;
    std::optional<protocol::words> content;
    MPI_Request rest = MPI_REQUEST_NULL;
  };
  /// Of one kind.
  struct channel {
    MPI_Comm comm = MPI_COMM_NULL;
    std::vector<sender> senders;        // by rank
    std::vector<MPI_Request> receives;  // of all pieces: [rank][piece]
    std::vector<int> done;              // for MPI to say which
    std::vector<MPI_Status> statuses;
    std::vector<std::uint32_t> partial;  // ranks of which a rest is on its way
  };
  /// On its way. The request of the piece, and that of the rest.
  struct sending {
    std::array<MPI_Request, 2> requests{MPI_REQUEST_NULL, MPI_REQUEST_NULL};
    std::unique_ptr<piece> first;
    protocol::body content;
  };
  /// Held for the length of some calls of MPI.
  class turn;

  channel& of(kind which) { return channels_[static_cast<std::size_t>(which)]; }
  void expect(channel& c, std::uint32_t from, std::size_t which);
  bool read(channel& c, std::uint32_t from, std::vector<message>& to);
  bool begin_next(channel& c, std::uint32_t from);
  void forget_what_has_gone();

  mpi_world& world_;
  const std::uint64_t epoch_;
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::array<channel, kinds> channels_;
  std::deque<sending> sent_;
};

}  // namespace volley::actors
