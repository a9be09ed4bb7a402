// The kernels of one process, by name. One named "default" is there from the start. Others are made by the first
// session that asks for their name, and stay until they are dropped; "own" is the name of one that is new, and ends
// with its session. They share the lanes and the memory.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "actors/messages.hpp"
#include "runtime/footprint/memory_share.hpp"
#include "runtime/values/value.hpp"

namespace volley::actors {

/// What a kernel shows to whoever lists them. Thread safety: any thread.
class kernel_gauge {
 public:
  struct reading {
    std::uint64_t nodes = 0;
    std::uint32_t vps = 0;
    double now_ms = 0, bytes = 0;
    bool runs = false;
    std::string lost = {};  ///< why its network is; empty: it is not
  };
  void show(const reading& now) {
    const std::lock_guard guard(mutex_);
    now_ = now;
  }
  reading read() const {
    const std::lock_guard guard(mutex_);
    return now_;
  }

 private:
  mutable std::mutex mutex_;
  reading now_;
};

inline constexpr std::chrono::duration<double> runs_any_time{std::numeric_limits<double>::infinity()};

/// Where a kernel stands among those of its process.
struct kernel_place {
  std::string name = "default";
  std::uint64_t number = 1;  ///< from 1 on, never twice
  bool is_own = false;       ///< it ends with the session that it was made for
  std::shared_ptr<kernel_gauge> gauge = std::make_shared<kernel_gauge>();
  std::shared_ptr<runtime::memory_share> memory = nullptr;    ///< null: it is alone
  std::chrono::duration<double> longest_run = runs_any_time;  ///< of the clock on the wall, by one call
};

/// What a session asks for when it opens.
struct kernel_wish {
  std::string name = {};    ///< empty: "default"
  bool may_be_made = true;  ///< by a session with the rights to
  bool is_known = false;    ///< its client was there before, and comes back
};

/// Thread safety: any thread, but for `open`, `keep` and `end`: one.
class kernels {
  struct entry;

 public:
  struct made {
    supervisor_actor kernel;
    std::function<void()> before_drop = [] {};  ///< may refuse it by an exception
  };
  using make = std::function<made(const kernel_place&)>;

  /// One session's hold of a kernel. One that was made for it ends with it.
  class lease {
   public:
    lease(kernels& all, std::shared_ptr<entry> of, bool ends_it);
    ~lease() { all_.leave(*of_, ends_it_); }
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;

    const supervisor_actor& kernel() const { return kernel_; }
    const kernel_place& place() const;
    /// Why the kernel has ended before its process; empty: it has not.
    std::string why_gone() const;
    /// All kernels: a list of dictionaries.
    runtime::value list() const { return all_.list(of_.get()); }
    /// Errors: KernelException for the default kernel, and for one that is not there.
    void drop(const std::string& name) const { all_.drop(name); }

   private:
    kernels& all_;
    const std::shared_ptr<entry> of_;
    const supervisor_actor kernel_;
    const bool ends_it_;
  };

  /// REQUIRES: it outlives all leases.
  kernels(std::size_t most, make how);

  /// Errors: KernelException for a name that none may have, for one more than there may be, and for a kernel that is
  /// not there, and is not to be made.
  std::shared_ptr<lease> open(const kernel_wish& wish);
  /// Makes it if it is not there. Errors: as open.
  supervisor_actor keep(const std::string& name);
  /// It cannot go on: its name is not free before it is dropped. `why`: for its sessions.
  void lose(const std::string& name, const std::string& why);
  /// All learn of a VP that stands still: one of them has it.
  void tell(const vp_stuck& news);
  /// All end; nobody asks for one any more.
  void end();

 private:
  struct entry {
    kernel_place place;
    made what;
    std::size_t sessions = 0;
    std::string why_gone;
  };
  using entry_ref = std::shared_ptr<entry>;

  entry_ref find_or_make(const kernel_wish& wish);
  entry_ref add(const std::string& name, bool is_own);
  void leave(entry& which, bool ends_it);
  void drop(const std::string& name);
  void take_out(const std::string& name, const std::string& why);
  static void end(entry& which, const std::string& why);
  runtime::value list(const entry* here) const;
  std::string names() const;

  const std::size_t most_;
  const make make_;
  const std::shared_ptr<runtime::memory_pool> memory_ = std::make_shared<runtime::memory_pool>();
  mutable std::mutex mutex_;  // guards the following
  std::map<std::string, entry_ref> all_;
  std::uint64_t made_ = 0;
};

}  // namespace volley::actors
