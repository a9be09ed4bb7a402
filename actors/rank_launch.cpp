#include "actors/rank_launch.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <stdexcept>
#include <string_view>

#include "protocol/release.hpp"

/// The entry to //actors/mpi. A program that links that has it; others load the library beside them.
extern "C" [[gnu::weak]] bool volley_open_ranks(const char* release, std::shared_ptr<volley::actors::rank_post>& post,
                                                std::string& failure);

namespace volley::actors {

namespace {

// Of Open MPI's mpirun, of launchers with the interfaces PMIx and PMI, of others'.
constexpr const char* sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "MPI_LOCALNRANKS"};
constexpr const char* places[] = {"OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"};

constexpr const char* library_name = "_volley_mpi.so";

constexpr const char* process_variable = "VOLLEY_MPI_PROCESS";  // which process is the rank

template <class Number> bool read_number(std::string_view text, Number& to) {
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), to);
  return failure == std::errc() && end == text.data() + text.size();
}

}  // namespace

const char* environment_variable(const char* name) { return std::getenv(name); }

rank_launch launch_of_ranks(const read_variable& read) {
  rank_launch launch;
  if (const auto* wish = read("VOLLEY_MPI"); wish != nullptr && std::string_view(wish) == "off") return launch;
  // A process that a rank has started has its variables, and is none.
  if (const auto* of = read(process_variable); of != nullptr && of != std::to_string(::getpid())) return launch;
  for (const auto* name : places) launch.several = launch.several || read(name) != nullptr;
  for (const auto* name : sizes) {
    const auto* text = read(name);
    if (text == nullptr) continue;
    launch.several = true;
    if (launch.ranks == 0 && !read_number(text, launch.ranks)) launch.ranks = 0;
  }
  if (launch.ranks == 1) return {};
  return launch;
}

std::string file_of_this_code() {
  Dl_info about{};
  const bool known = ::dladdr(reinterpret_cast<const void*>(&file_of_this_code), &about) != 0;
  return known && about.dli_fname != nullptr ? about.dli_fname : "";
}

std::shared_ptr<rank_post> join_ranks() {
  const auto launch = launch_of_ranks();
  if (!launch.several) return nullptr;
  const auto whole = launch.ranks == 0 ? std::string("several") : std::to_string(launch.ranks);
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error("this process was started as one of " + whole + " ranks, and " + why +
                             "; with VOLLEY_MPI=off each process has a kernel that knows of no other");
  };
  auto* open = &volley_open_ranks;
  if (open == nullptr) {
    const auto code = file_of_this_code();
    const auto slash = code.rfind('/');
    const auto file = (slash == std::string::npos ? "./" : code.substr(0, slash + 1)) + library_name;
    // The parts that MPI loads by itself look for its symbols among those of the whole process.
    void* const library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
    if (library == nullptr)
      refuse("Open MPI cannot be loaded: " + std::string(::dlerror()) + " (a program in C++ links //client/cpp:ranks)");
    open = reinterpret_cast<decltype(open)>(::dlsym(library, "volley_open_ranks"));
    if (open == nullptr) refuse(file + " is of another build");
  }
  std::shared_ptr<rank_post> post;
  std::string failure;
  if (!open(protocol::release, post, failure)) refuse(failure);
  if (post == nullptr) return nullptr;  // a process that was forked from a rank
  if (post->ranks() == 1 && launch.ranks > 1)
    refuse("Open MPI knows of this one alone: start it by the mpirun of " + post->carrier());
  ::setenv(process_variable, std::to_string(::getpid()).c_str(), 1);
  return post->ranks() == 1 ? nullptr : post;
}

runtime::cluster::rank_limits rank_limits_of_environment(const read_variable& read) {
  runtime::cluster::rank_limits limits;
  const auto* text = read("VOLLEY_MPI_WAIT");
  if (text == nullptr) return limits;
  std::uint32_t seconds = 0;
  if (!read_number(text, seconds) || seconds == 0)
    throw std::invalid_argument("VOLLEY_MPI_WAIT is \"" + std::string(text) + "\": expected a number of seconds");
  limits.given_up_after = std::chrono::seconds(seconds);
  limits.told_after = std::min(limits.told_after, limits.given_up_after);
  return limits;
}

std::size_t lanes_of_rank(std::size_t usable, std::size_t cores, std::size_t neighbours) {
  return usable < cores ? usable : std::max<std::size_t>(1, usable / std::max<std::size_t>(1, neighbours));
}

std::uint64_t memory_limit_of_ranks(std::uint64_t limit, bool is_wish, std::uint32_t ranks, std::uint32_t neighbours) {
  constexpr auto unlimited = std::numeric_limits<std::uint64_t>::max();
  if (limit == unlimited) return limit;
  const auto part = is_wish ? limit : limit / std::max(1u, neighbours);
  return part > unlimited / ranks ? unlimited : part * ranks;
}

}  // namespace volley::actors
