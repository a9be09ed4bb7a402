// `volley-server` as a child process, for tests that reach a kernel through a real socket.
#pragma once
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace volley::client {

/// Runs from construction to destruction, on a Unix socket in a folder of its own.
class served_kernel {
 public:
  explicit served_kernel(const std::string& program) {
    std::string name = (std::filesystem::temp_directory_path() / "volley_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    const std::string socket = folder_ / "socket", root = folder_;
    const char* arguments[] = {program.c_str(), "--socket", socket.c_str(), "--data-root", root.c_str(), nullptr};
    if (::posix_spawn(&process_, program.c_str(), nullptr, nullptr, const_cast<char**>(arguments), environ) != 0)
      throw std::runtime_error("cannot start " + program);
    while (!std::filesystem::exists(socket)) {
      if (::waitpid(process_, nullptr, WNOHANG) != 0) throw std::runtime_error(program + " ended before it listened");
      ::usleep(1000);
    }
  }
  ~served_kernel() {
    stop(SIGTERM);
    std::filesystem::remove_all(folder_);
  }
  served_kernel(const served_kernel&) = delete;
  served_kernel& operator=(const served_kernel&) = delete;

  std::string address() const { return "unix:" + (folder_ / "socket").string(); }

  /// Ends the server by a signal and waits for it. Does nothing when it has ended.
  void stop(int signal) {
    if (process_ == 0) return;
    ::kill(process_, signal);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

 private:
  std::filesystem::path folder_;
  pid_t process_ = 0;
};

}  // namespace volley::client
