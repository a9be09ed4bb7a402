// The program itself: command line, signals, what it prints.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "client/cpp/error.hpp"
#include "client/cpp/session.hpp"
#include "tests/actors/scratch_folder.hpp"

namespace {

namespace fs = std::filesystem;

class volley_server : public testing::Test {
 protected:
  ~volley_server() override {
    if (process_ > 0) ::kill(process_, SIGKILL);
  }

  void start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "actors/volley_server");
    std::vector<char*> pointers;
    for (auto& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t redirect;
    posix_spawn_file_actions_init(&redirect);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&redirect, stream, output().c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ASSERT_EQ(::posix_spawn(&process_, pointers[0], &redirect, nullptr, pointers.data(), environ), 0);
    posix_spawn_file_actions_destroy(&redirect);
  }
  int end() {
    int status = -1;
    ::waitpid(std::exchange(process_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  void wait_for(const fs::path& path) {
    const auto runs = [this] {
      siginfo_t end{};
      return ::waitid(P_PID, static_cast<id_t>(process_), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0;
    };
    while (!fs::exists(path) && runs()) std::this_thread::yield();
  }
  fs::path output() const { return folder_ / "output"; }
  std::string printed() const {
    std::ifstream in(output());
    return {std::istreambuf_iterator<char>(in), {}};
  }

  const volley::actors::scratch_folder scratch_;
  const fs::path& folder_ = scratch_.path;
  pid_t process_ = 0;
};

TEST_F(volley_server, ends_in_order_at_a_signal) {
  for (const int signal : {SIGINT, SIGTERM}) {
    const auto socket = folder_ / "s", token_file = folder_ / "token";
    start({"--socket", socket, "--tcp", "127.0.0.1:0", "--token-file", token_file, "--vps", "2"});
    wait_for(socket);
    std::string token;
    while (token.size() < 64) std::ifstream(token_file) >> token;
    ::kill(process_, signal);
    EXPECT_EQ(end(), 0);
    EXPECT_FALSE(fs::exists(socket));
    EXPECT_FALSE(fs::exists(token_file));
    EXPECT_EQ(printed().find(token), std::string::npos) << "the token is printed";
  }
}

/// Stiff equations: the first slice takes minutes on any machine.
void begin_what_takes_for_ever(volley::client::Session& nest) {
  using volley::client::Dictionary;
  nest.Create("aeif_cond_alpha", 20'000, Dictionary{{"C_m", 1e-6}, {"Delta_T", 0.0}, {"I_e", 100.0}});
  nest.Simulate(0.1);
}

TEST_F(volley_server, gives_up_a_network_that_stands_still_and_serves_the_next) {
  const auto socket = folder_ / "s";
  start({"--socket", socket, "--vps", "2", "--stuck-after", "0.5"});
  wait_for(socket);
  volley::client::Session nest("unix:" + socket.string()), other("unix:" + socket.string(), "", "other");
  const auto refusal = [&](auto&& call) {
    try {
      call();
    } catch (const volley::client::error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  const auto simulate = [](volley::client::Session& on) {
    on.Create("iaf_psc_alpha", 10);
    on.Simulate(20.0);
    EXPECT_EQ(on.GetKernelStatus("biological_time"), volley::client::Value(20.0));
  };
  const auto why = refusal([&] { begin_what_takes_for_ever(nest); });
  EXPECT_NE(why.find("stood still in the interval from step 0 on, in the update of nodes "), std::string::npos) << why;
  EXPECT_NE(refusal([&] { nest.Simulate(1.0); }).find("stood still"), std::string::npos);
  EXPECT_NE(printed().find("the kernel default: virtual process"), std::string::npos) << printed();
  simulate(other);
  nest.ResetKernel();
  simulate(nest);
  ::kill(process_, SIGTERM);
  EXPECT_EQ(end(), 0);
  EXPECT_FALSE(fs::exists(socket));
}

TEST_F(volley_server, ends_at_a_signal_though_a_network_stands_still) {
  const auto socket = folder_ / "s";
  start({"--socket", socket});
  wait_for(socket);
  std::thread client([&] {
    volley::client::Session nest("unix:" + socket.string());
    EXPECT_ANY_THROW(begin_what_takes_for_ever(nest));
  });
  std::this_thread::sleep_for(std::chrono::seconds(1));
  ::kill(process_, SIGTERM);
  EXPECT_EQ(end(), 0);
  client.join();
  EXPECT_FALSE(fs::exists(socket));
}

TEST_F(volley_server, new_tokens_come_at_a_signal) {
  const auto socket = folder_ / "s", token_file = folder_ / "token";
  start({"--socket", socket, "--tcp", "127.0.0.1:0", "--token-file", token_file, "--token-hours", "1", "--idle-hours",
         "0.5"});
  while (printed().find("VOLLEY_TOKEN") == std::string::npos) std::this_thread::yield();
  const auto token = [&](const char* role) {
    std::string text;
    std::ifstream(token_file.string() + role) >> text;
    return text;
  };
  const std::string old[]{token(""), token(".simulate"), token(".observe")};
  ::kill(process_, SIGUSR1);
  while (token(".observe") == old[2] || token("") == old[0] || token(".simulate") == old[1]) std::this_thread::yield();
  ::kill(process_, SIGHUP);
  EXPECT_EQ(end(), 0);
  EXPECT_FALSE(fs::exists(token_file.string() + ".observe"));
}

TEST_F(volley_server, says_where_it_listens) {
  const auto socket = folder_ / "s";
  start({"--socket", socket});
  while (printed().find("unix:" + socket.string()) == std::string::npos) std::this_thread::yield();
  ::kill(process_, SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(volley_server, tells_who_asked_for_what_and_keeps_to_its_rights) {
  const auto socket = folder_ / "s", audit = folder_ / "audit";
  start({"--socket", socket, "--audit", audit});
  wait_for(socket);
  volley::client::Session nest("unix:" + socket.string());
  nest.Create("iaf_psc_alpha", 10);
  nest.GetKernelStatus("biological_time");
  const auto text_of = [](const fs::path& file) {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const auto told = text_of(audit);
  EXPECT_NE(told.find(" unix: opens the kernel default: session 1 (admin)\n"), std::string::npos) << told;
  EXPECT_TRUE(told.ends_with(" session 1 (admin): Create(\"iaf_psc_alpha\", 10): done\n")) << told;
  EXPECT_NE(text_of("/proc/" + std::to_string(process_) + "/status").find("NoNewPrivs:\t1"), std::string::npos);
  ::kill(process_, SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(volley_server, takes_modules_from_folders_of_the_operator_alone) {
  const auto modules = folder_ / "modules";
  fs::create_directory(modules);
  fs::create_directory(folder_ / "records");
  const std::vector<std::string> apart{"--modules", modules, "--data-root", folder_ / "records"},
      within{"--modules", modules, "--data-root", folder_};
  const std::vector<std::string> server{"--socket", folder_ / "s", "--workers-listen", "127.0.0.1:0"},
      worker{"worker", "--join", "127.0.0.1:1"};
  const auto said = [&](std::vector<std::string> command, const std::vector<std::string>& options) {
    command.insert(command.end(), options.begin(), options.end());
    start(command);
    EXPECT_EQ(end(), 1);
    return printed();
  };
  for (const auto& command : {server, worker}) {
    fs::permissions(modules, fs::perms(0755));
    EXPECT_NE(said(command, within).find("lies where clients record"), std::string::npos) << printed();
    fs::permissions(modules, fs::perms(0777));
    EXPECT_NE(said(command, apart).find("others may write to the folder of modules"), std::string::npos) << printed();
  }
}

TEST_F(volley_server, makes_certificates_that_it_takes) {
  const auto made = folder_ / "made", socket = folder_ / "s";
  start({"certificates", made, "node7", "10.0.0.7"});
  EXPECT_EQ(end(), 0) << printed();
  EXPECT_EQ(fs::status(made / "ca.key").permissions(), fs::perms(0600));
  start({"--socket", socket, "--listen", "0.0.0.0:0", "--workers-listen", "127.0.0.1:0", "--tls-certificate",
         made / "server.crt", "--tls-key", made / "server.key", "--tls-ca", made / "ca.crt"});
  while (printed().find("VOLLEY_WORKERS") == std::string::npos) std::this_thread::yield();
  EXPECT_NE(printed().find("VOLLEY_ADDRESS=tls:"), std::string::npos);
  ::kill(process_, SIGTERM);
  EXPECT_EQ(end(), 0);
}

TEST_F(volley_server, refuses_what_it_cannot_do) {
  const std::string socket = folder_ / "s";
  const std::vector<std::vector<std::string>> wrong{{"--socket", socket, "--tcp", "0.0.0.0:0"},
                                                    {"--socket", socket, "--tcp", "127.0.0.1"},
                                                    {"--socket", socket, "--tcp", "127.0.0.1:70000"},
                                                    {"--socket", socket, "--vps", "0"},
                                                    {"--socket", socket, "--data-root", (folder_ / "missing").string()},
                                                    {"--socket", (folder_ / "missing" / "s").string()},
                                                    {"--socket", socket, "--workers-only"},
                                                    {"--socket", socket, "--workers-listen", "0.0.0.0:0"},
                                                    {"worker"},
                                                    {"worker", "--join", "127.0.0.1"},
                                                    {"worker", "--join", "127.0.0.1:1", "--lanes", "0"},
                                                    {"worker", "--join", "127.0.0.1:1"},
                                                    {"worker", "--join", "127.0.0.1:1", "--token-file", "missing"},
                                                    {"worker", "--join", "127.0.0.1:1", "--tls-ca", "missing"},
                                                    {"--socket", socket, "--tls-key", "missing"},
                                                    {"certificates"},
                                                    {"--no-such-option"}};
  for (const auto& arguments : wrong) {
    start(arguments);
    const int code = end();
    EXPECT_GT(code, 0) << arguments.back();
  }
  EXPECT_FALSE(fs::exists(socket));
}

}  // namespace
