// volley-server: a kernel that clients reach through sockets. Reads the command line, serves until it is told to stop.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <ratio>
#include <string>

#include <CLI/CLI.hpp>

#include "actors/access.hpp"
#include "actors/server.hpp"
#include "protocol/release.hpp"

namespace {

using namespace volley::actors;
namespace runtime = volley::runtime;

struct command_line {
  std::string socket, tcp, token_file, data_root = ".", modules;
  double token_hours = 24, idle_hours = 24;
  server_options options;
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
  app.add_option("--vps", to.options.vps, "virtual processes of a fresh kernel")->check(CLI::PositiveNumber);
  app.add_option("--data-root", to.data_root, "folder for recorded files (default: the working directory)")
      ->check(CLI::ExistingDirectory);
  app.add_option("--modules", to.modules,
                 "folder with modules of models that clients may load by name (default: none may be). Its owner alone "
                 "may write to it, and it must not lie below the folder for recorded files")
      ->check(CLI::ExistingDirectory);
}

template <class Duration> Duration from_hours(double count) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::ratio<3600>>(count));
}

tcp_options parse_tcp(const std::string& text, const std::filesystem::path& token_file) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) throw std::runtime_error("--tcp " + text + ": expected ADDRESS:PORT");
  unsigned long port = 0;
  try {
    port = std::stoul(text.substr(colon + 1));
  } catch (const std::exception&) {
    port = 65536;
  }
  if (port > 65535) throw std::runtime_error("--tcp " + text + ": the port is a number up to 65535");
  return {.address = text.substr(0, colon), .port = static_cast<std::uint16_t>(port), .token_file = token_file};
}

int serve(command_line& line) {
  auto& options = line.options;
  options.memory_limit = runtime::memory_limit(std::getenv("VOLLEY_MEMORY_LIMIT"));
  options.socket_path = line.socket.empty() ? runtime_folder() / "volley.sock" : std::filesystem::absolute(line.socket);
  const auto token_file = line.token_file.empty() ? options.socket_path.string() + ".token" : line.token_file;
  options.limits.idle_for = from_hours<std::chrono::milliseconds>(line.idle_hours);
  if (!line.tcp.empty()) {
    options.tcp = parse_tcp(line.tcp, std::filesystem::absolute(token_file));
    options.tcp->token_lifetime = from_hours<std::chrono::steady_clock::duration>(line.token_hours);
  }
  if (!line.modules.empty()) options.modules = std::filesystem::canonical(line.modules);
  // Relative paths in calls of clients are the root's.
  std::filesystem::current_path(line.data_root);
  server here(options);
  std::printf("volley-server %s\nVOLLEY_ADDRESS=unix:%s\n", volley::protocol::release, options.socket_path.c_str());
  if (options.tcp)
    std::printf("VOLLEY_ADDRESS=tcp:%s:%u VOLLEY_TOKEN=$(cat %s)\n", options.tcp->address.c_str(),
                unsigned{here.tcp_port()}, options.tcp->token_file.c_str());
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
  CLI11_PARSE(app, count, arguments);
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return serve(line);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "volley-server: %s\n", failure.what());
    return 1;
  }
}
