// volley-server: a kernel that clients reach through sockets, or a worker of one. Reads the command line, serves until
// it is told to stop.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <optional>
#include <ratio>
#include <string>

#include <CLI/CLI.hpp>

#include "actors/access.hpp"
#include "actors/rank_launch.hpp"
#include "actors/server.hpp"
#include "actors/worker_process.hpp"
#include "protocol/release.hpp"

namespace {

using namespace volley::actors;
namespace runtime = volley::runtime;

struct command_line {
  std::string socket, tcp, token_file, data_root = ".", modules;
  std::string workers, workers_token_file;
  bool workers_only = false;
  std::optional<double> checkpoint_s;
  double token_hours = 24, idle_hours = 24;
  server_options options;
};

struct worker_line {
  std::string supervisor, token_file;
  unsigned share = 1;
  worker_options options;
};

const CLI::Range hours(0.001, 1e5);

void declare(CLI::App& app, command_line& to) {
  app.set_version_flag("--version", volley::protocol::release);
  app.add_option("--socket", to.socket,
                 "path of the Unix socket (default: volley.sock in a private folder of this user)");
  app.add_option("--tcp", to.tcp, "also listen on this loopback ADDRESS:PORT; port 0 takes any free one");
  app.add_option(
      "--token-file", to.token_file,
      "where to write the token that TCP clients need (default: beside the socket). It lets them do all; the tokens "
      "in FILE.simulate and FILE.observe let them build and run, or only look");
  app.add_option("--token-hours", to.token_hours, "hours until new tokens replace the old, which open nothing then")
      ->check(hours)
      ->capture_default_str();
  app.add_option("--idle-hours", to.idle_hours, "hours without a request after which a session ends")
      ->check(hours)
      ->capture_default_str();
  app.add_option("--requests-per-second", to.options.limits.requests_per_s, "what one client may ask on average")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  auto* workers = app.add_option("--workers-listen", to.workers,
                                 "let workers join at this loopback ADDRESS:PORT; port 0 takes any free one");
  app.add_option("--workers-token-file", to.workers_token_file,
                 "where to write the token that workers need (default: beside the socket)")
      ->needs(workers);
  app.add_flag("--workers-only", to.workers_only, "this process computes nothing itself")->needs(workers);
  app.add_option("--checkpoint", to.checkpoint_s,
                 "seconds between two checkpoints of what workers compute, to which the network goes back when one is "
                 "lost; 0: none, it begins anew (default: as often as 5 % of the time allow)")
      ->needs(workers)
      ->check(CLI::Range(0.0, 1e5));
  app.add_option("--vps", to.options.vps, "virtual processes of a fresh kernel")->check(CLI::PositiveNumber);
  app.add_option("--data-root", to.data_root,
                 "folder for recorded files and saved networks (default: the working directory)")
      ->check(CLI::ExistingDirectory);
  app.add_option("--modules", to.modules,
                 "folder with modules of models that clients may load by name (default: none may be). Its owner alone "
                 "may write to it, and it must not lie below the folder for recorded files")
      ->check(CLI::ExistingDirectory);
}

template <class Duration> Duration from_hours(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<3600>>(count));
}

void declare(CLI::App& app, worker_line& to) {
  app.add_option("--join", to.supervisor, "ADDRESS:PORT that the supervisor lets workers join at")->required();
  app.add_option("--token-file", to.token_file, "file with the token of workers (default: VOLLEY_WORKER_TOKEN has it)");
  app.add_option("--lanes", to.options.lanes, "threads that compute (default: one a core)")->check(CLI::Range(1, 1024));
  app.add_option("--share", to.share, "of its memory, for one of so many workers on this machine")
      ->check(CLI::Range(1, 4096));
  app.add_option("--data-root", to.options.data_root,
                 "folder for recorded files and saved networks (default: the working directory)")
      ->check(CLI::ExistingDirectory);
}

struct place {
  std::string address;
  std::uint16_t port = 0;
};

place parse_place(const char* option, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error(option + (" " + text) + ": expected ADDRESS:PORT");
  unsigned long port = 0;
  try {
    port = std::stoul(text.substr(colon + 1));
  } catch (const std::exception&) {
    port = 65536;
  }
  if (port > 65535) throw std::runtime_error(option + (" " + text) + ": the port is a number up to 65535");
  return {text.substr(0, colon), static_cast<std::uint16_t>(port)};
}

std::string read_token(const std::string& file) {
  std::string token;
  if (file.empty()) {
    if (const char* given = std::getenv("VOLLEY_WORKER_TOKEN")) token = given;
  } else {
    std::ifstream(file) >> token;
  }
  if (token.empty()) throw std::runtime_error("no token: give --token-file or VOLLEY_WORKER_TOKEN");
  return token;
}

// A server and its workers find each other by addresses; none of them is there twice by itself.
void refuse_ranks(const char* what) {
  if (launch_of_ranks().several)
    throw std::runtime_error(std::string("this process was started as one of several ranks, and ") + what +
                             " is one process: start it without mpirun, or set VOLLEY_MPI=off");
}

int work(worker_line& line) {
  refuse_ranks("a worker");
  auto& options = line.options;
  const auto where = parse_place("--join", line.supervisor);
  options.address = where.address;
  options.port = where.port;
  options.token = read_token(line.token_file);
  options.memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT"));
  if (options.memory_limit != runtime::no_memory_limit) options.memory_limit /= line.share;
  options.data_root = std::filesystem::absolute(options.data_root);
  std::filesystem::current_path(options.data_root);
  volley::actors::work(options);
  return 0;
}

int serve(command_line& line) {
  refuse_ranks("a server");
  auto& options = line.options;
  options.memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT"));
  options.socket_path = line.socket.empty() ? runtime_folder() / "volley.sock" : std::filesystem::absolute(line.socket);
  const auto token_file = line.token_file.empty() ? options.socket_path.string() + ".token" : line.token_file;
  options.limits.idle_for = from_hours<std::chrono::milliseconds>(line.idle_hours);
  if (!line.tcp.empty()) {
    const auto [address, port] = parse_place("--tcp", line.tcp);
    options.tcp = {.address = address, .port = port, .token_file = std::filesystem::absolute(token_file)};
    options.tcp->token_lifetime = from_hours<std::chrono::steady_clock::duration>(line.token_hours);
  }
  if (!line.modules.empty()) options.modules = std::filesystem::canonical(line.modules);
  if (!line.workers.empty()) {
    const auto [address, port] = parse_place("--workers-listen", line.workers);
    const auto file =
        line.workers_token_file.empty() ? options.socket_path.string() + ".workers" : line.workers_token_file;
    options.workers = {address, port, std::filesystem::absolute(file), line.workers_only};
    if (line.checkpoint_s)
      options.workers->cut_period =
          std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(*line.checkpoint_s));
  }
  // Relative paths in calls of clients are the root's.
  std::filesystem::current_path(line.data_root);
  server here(options);
  std::printf("volley-server %s\nVOLLEY_ADDRESS=unix:%s\n", volley::protocol::release, options.socket_path.c_str());
  if (options.tcp)
    std::printf("VOLLEY_ADDRESS=tcp:%s:%u VOLLEY_TOKEN=$(cat %s)\n", options.tcp->address.c_str(),
                unsigned{here.tcp_port()}, options.tcp->token_file.c_str());
  if (options.workers)
    std::printf("VOLLEY_WORKERS=%s:%u VOLLEY_WORKER_TOKEN=$(cat %s)\n", options.workers->address.c_str(),
                unsigned{here.workers_port()}, options.workers->token_file.c_str());
  std::fflush(stdout);
  here.run();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  command_line line;
  CLI::App app(
      "A kernel that clients reach through sockets. Ctrl-C ends it; the signal USR1 revokes all tokens and writes new "
      "ones.\n"
      "VOLLEY_MEMORY_LIMIT (bytes, or 4G) limits what its network may take; without it, what the machine has "
      "available.",
      "volley-server");
  declare(app, line);
  worker_line as_worker;
  auto* const worker = app.add_subcommand(
      "worker", "joins a supervisor and computes for it; VOLLEY_MEMORY_LIMIT limits its part of the network");
  declare(*worker, as_worker);
  CLI11_PARSE(app, count, arguments);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return worker->parsed() ? work(as_worker) : serve(line);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "volley-server: %s\n", failure.what());
    return 1;
  }
}
