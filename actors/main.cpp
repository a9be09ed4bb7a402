// volley-server: a kernel that clients reach through sockets, or a worker of one. Reads the command line, serves until
// it is told to stop.
#include <sys/prctl.h>
#include <sys/resource.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <ratio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "actors/access.hpp"
#include "actors/certificates.hpp"
#include "actors/places.hpp"
#include "actors/rank_launch.hpp"
#include "actors/server.hpp"
#include "actors/worker_process.hpp"
#include "protocol/release.hpp"

namespace {

using namespace volley::actors;
namespace runtime = volley::runtime;
namespace fs = std::filesystem;

struct protection {
  std::string certificate, key, trusted;
  bool insecure = false;

  std::optional<volley::protocol::tls_files> files() const {
    if (certificate.empty() && key.empty() && trusted.empty()) return {};
    const auto there = [](const std::string& file) { return file.empty() ? file : fs::absolute(file).string(); };
    return volley::protocol::tls_files{there(certificate), there(key), there(trusted)};
  }
};

struct command_line {
  std::string socket, tcp, token_file, data_root = ".", modules;
  std::string workers, workers_token_file, state;
  bool workers_only = false;
  std::optional<double> checkpoint_s;
  double token_hours = 24, idle_hours = 24, stuck_s = 60;
  std::optional<double> run_hours;
  protection doors;
  server_options options;
};

struct worker_line {
  std::string supervisor, token_file;
  unsigned share = 1;
  double wait_s = 60, stuck_s = 10;
  std::string modules;
  protection ways;
  worker_options options;
};

struct certificates_line {
  std::string folder;
  std::vector<std::string> hosts;
  int days = 365;
};

const CLI::Range hours(0.001, 1e5);

void declare(CLI::App& app, protection& to) {
  auto* certificate =
      app.add_option("--tls-certificate", to.certificate, "certificate of this process (PEM): TLS is on")
          ->check(CLI::ExistingFile);
  auto* key = app.add_option("--tls-key", to.key, "its key (PEM)")->check(CLI::ExistingFile)->needs(certificate);
  certificate->needs(key);
  app.add_option("--tls-ca", to.trusted,
                 "authorities whose certificates are trusted between server and workers, or certificates themselves "
                 "(PEM); volley certificates makes all three")
      ->check(CLI::ExistingFile)
      ->needs(certificate);
  app.add_flag("--insecure", to.insecure, "other machines may be connected without TLS: who is on the way reads all");
}

void declare_modules(CLI::App& app, std::string& to, const char* what) {
  app.add_option("--modules", to, what)->check(CLI::ExistingDirectory);
}

void declare(CLI::App& app, command_line& to) {
  app.set_version_flag("--version", volley::protocol::release);
  app.add_option("--socket", to.socket,
                 "path of the Unix socket (default: volley.sock in a private folder of this user)");
  app.add_option("--listen,--tcp", to.tcp,
                 "also listen on this HOST:PORT; port 0 takes any free one. What other machines reach needs TLS");
  declare(app, to.doors);
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
  app.add_option("--run-hours", to.run_hours,
                 "hours that one call may simulate; then its run ends as if it had been cancelled (default: any time)")
      ->check(hours);
  app.add_option("--requests-per-second", to.options.limits.requests_per_s, "what one client may ask on average")
      ->check(CLI::Range(1.0, 1e6))
      ->capture_default_str();
  auto* workers =
      app.add_option("--workers-listen", to.workers,
                     "let workers join at this HOST:PORT; port 0 takes any free one. What other machines reach "
                     "needs TLS");
  app.add_option("--workers-token-file", to.workers_token_file,
                 "where to write the token that workers need (default: beside the socket)")
      ->needs(workers);
  app.add_flag("--workers-only", to.workers_only, "this process computes nothing itself")->needs(workers);
  app.add_option("--state", to.state,
                 "folder in which kernels outlive this process: a server that is started again with it goes on, and "
                 "so do clients that wait for it. It belongs to this user alone, and to one server at a time");
  app.add_option(
         "--checkpoint", to.checkpoint_s,
         "seconds between two checkpoints: of the network in the folder of --state, and of what workers compute, "
         "to which it goes back when one is lost; 0: none (default: as often as 5 % of the time allow)")
      ->check(CLI::Range(0.0, 1e5));
  app.add_option(
         "--stuck-after", to.stuck_s,
         "seconds that a virtual process may stand still within an interval before this process gives it up: "
         "workers go on without, and where there are none, its kernel fails; it may always take a hundred times "
         "as long as the longest so far")
      ->check(CLI::Range(0.1, 1e9))
      ->capture_default_str();
  app.add_option("--audit", to.options.audit,
                 "file that tells who asked for what changes and what became of it, a line each; it is kept below 64 "
                 "MiB, with one more of before");
  app.add_option("--kernels", to.options.most_kernels, "kernels that there may be at once; clients open them by name")
      ->check(CLI::Range(1, 4096))
      ->capture_default_str();
  app.add_option("--vps", to.options.vps, "virtual processes of a fresh kernel")->check(CLI::PositiveNumber);
  app.add_option("--data-root", to.data_root,
                 "folder for recorded files and saved networks (default: the working directory)")
      ->check(CLI::ExistingDirectory);
  declare_modules(app, to.modules,
                  "folder with modules of models that clients may load by name (default: none may be). Its owner alone "
                  "may write to it, and it must not lie below the folder for recorded files. Where it has a file "
                  "allowed.sha256, as sha256sum writes it, only what that lists is loaded. Workers need it, too");
}

template <class Duration> Duration from_hours(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<3600>>(count));
}

std::chrono::milliseconds milliseconds_of(double seconds) {
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(seconds));
}

void declare(CLI::App& app, worker_line& to) {
  app.add_option("--join", to.supervisor, "HOST:PORT that the supervisor lets workers join at")->required();
  declare(app, to.ways);
  app.add_option("--token-file", to.token_file, "file with the token of workers (default: VOLLEY_WORKER_TOKEN has it)");
  app.add_option("--lanes", to.options.lanes, "threads that compute (default: one a core)")->check(CLI::Range(1, 1024));
  app.add_option("--share", to.share, "of its memory, for one of so many workers on this machine")
      ->check(CLI::Range(1, 4096));
  app.add_option(
         "--wait", to.wait_s,
         "seconds that it waits for a supervisor to come back when its own is lost, to join it anew; 0: it ends")
      ->check(CLI::Range(0.0, 1e5))
      ->capture_default_str();
  app.add_option(
         "--stuck-after", to.stuck_s,
         "seconds that a virtual process may stand still within an interval before this worker ends, so that others "
         "go on; it may always take a hundred times as long as the longest so far")
      ->check(CLI::Range(0.1, 1e9))
      ->capture_default_str();
  app.add_option("--data-root", to.options.data_root,
                 "folder for recorded files and saved networks (default: the working directory)")
      ->check(CLI::ExistingDirectory);
  declare_modules(app, to.modules,
                  "folder with the modules that clients of the server load: the same files (default: this worker "
                  "computes for no kernel that has some). What is asked of the server's folder is asked of this one");
}

// A server and its workers find each other by addresses; none of them is there twice by itself.
void refuse_ranks(const char* what) {
  if (launch_of_ranks().several)
    throw std::runtime_error(std::string("this process was started as one of several ranks, and ") + what +
                             " is one process: start it without mpirun, or set VOLLEY_MPI=off");
}

/// It gets no rights that it lacks, and leaves no tokens in core files.
void keep_to_itself(bool knows_tokens) {
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none{0, 0};
  if (knows_tokens) ::setrlimit(RLIMIT_CORE, &none);
}

int work(worker_line& line) {
  refuse_ranks("a worker");
  auto& options = line.options;
  const auto where = parse_place("--join", line.supervisor);
  options.host = where.host;
  options.port = where.port;
  options.tls = line.ways.files();
  options.insecure = line.ways.insecure;
  if (!line.token_file.empty())
    options.token_file = fs::absolute(line.token_file);
  else if (const char* given = std::getenv("VOLLEY_WORKER_TOKEN"))
    options.token = given;
  options.wait = milliseconds_of(line.wait_s);
  options.stuck_after = milliseconds_of(line.stuck_s);
  options.memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT"));
  if (options.memory_limit != runtime::no_memory_limit) options.memory_limit /= line.share;
  if (!line.modules.empty()) options.modules = fs::canonical(line.modules);
  options.data_root = fs::absolute(options.data_root);
  fs::current_path(options.data_root);
  keep_to_itself(true);
  volley::actors::work(options);
  return 0;
}

int serve(command_line& line) {
  refuse_ranks("a server");
  auto& options = line.options;
  options.memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT"));
  options.socket_path = line.socket.empty() ? runtime_folder() / "volley.sock" : fs::absolute(line.socket);
  const auto token_file = line.token_file.empty() ? options.socket_path.string() + ".token" : line.token_file;
  options.tls = line.doors.files();
  options.insecure = line.doors.insecure;
  options.limits.idle_for = from_hours<std::chrono::milliseconds>(line.idle_hours);
  if (line.run_hours) options.longest_run = from_hours<std::chrono::duration<double>>(*line.run_hours);
  if (!line.tcp.empty()) {
    const auto [host, port] = parse_place("--listen", line.tcp);
    options.tcp = {.host = host, .port = port, .token_file = fs::absolute(token_file)};
    options.tcp->token_lifetime = from_hours<std::chrono::steady_clock::duration>(line.token_hours);
  }
  if (!line.modules.empty()) options.modules = fs::canonical(line.modules);
  if (!line.workers.empty()) {
    const auto [host, port] = parse_place("--workers-listen", line.workers);
    const auto file =
        line.workers_token_file.empty() ? options.socket_path.string() + ".workers" : line.workers_token_file;
    options.workers = {host, port, fs::absolute(file), line.workers_only};
  }
  if (options.audit) options.audit = fs::absolute(*options.audit);
  if (!line.state.empty()) options.state = fs::absolute(line.state);
  options.stuck_after = milliseconds_of(line.stuck_s);
  if (line.checkpoint_s) options.checkpoint_period = milliseconds_of(*line.checkpoint_s);
  keep_to_itself(options.tcp || options.workers);
  // Relative paths in calls of clients are the root's.
  fs::current_path(line.data_root);
  server here(options);
  std::printf("volley-server %s\nVOLLEY_ADDRESS=unix:%s\n", volley::protocol::release, options.socket_path.c_str());
  if (options.tcp)
    std::printf("VOLLEY_ADDRESS=%s:%s:%u VOLLEY_TOKEN=$(cat %s)\n", options.tls ? "tls" : "tcp",
                options.tcp->host.c_str(), unsigned{here.tcp_port()}, options.tcp->token_file.c_str());
  if (options.workers)
    std::printf("VOLLEY_WORKERS=%s:%u VOLLEY_WORKER_TOKEN=$(cat %s)\n", options.workers->host.c_str(),
                unsigned{here.workers_port()}, options.workers->token_file.c_str());
  std::fflush(stdout);
  here.run();
  return 0;
}

int make(const certificates_line& line) {
  const certificate_authority authority(line.folder);
  auto hosts = line.hosts;
  hosts.insert(hosts.end(), {"localhost", "127.0.0.1", "::1"});
  for (const char* name : {"server", "worker"}) authority.certify(name, {.hosts = hosts, .days = line.days});
  std::printf("%s: ca.crt for all, server.crt and server.key, worker.crt and worker.key; ca.key makes more and stays\n",
              line.folder.c_str());
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  command_line line;
  CLI::App app(
      "Kernels that clients reach through sockets. Ctrl-C ends it; the signal USR1 revokes all tokens and writes new "
      "ones.\n"
      "VOLLEY_MEMORY_LIMIT (bytes, or 4G) limits what its networks may take; without it, what the machine has "
      "available.",
      "volley-server");
  declare(app, line);
  worker_line as_worker;
  auto* const worker = app.add_subcommand(
      "worker", "joins a supervisor and computes for it; VOLLEY_MEMORY_LIMIT limits its part of the network");
  declare(*worker, as_worker);
  certificates_line of_certificates;
  auto* const certificates =
      app.add_subcommand("certificates", "makes an authority and certificates of a cluster, or new ones of the same");
  certificates->add_option("folder", of_certificates.folder, "folder for them")->required();
  certificates->add_option("hosts", of_certificates.hosts, "names and addresses by which the server is reached");
  certificates->add_option("--days", of_certificates.days, "how long they hold")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  CLI11_PARSE(app, count, arguments);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (certificates->parsed()) return make(of_certificates);
    return worker->parsed() ? work(as_worker) : serve(line);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "volley-server: %s\n", failure.what());
    return 1;
  }
}
