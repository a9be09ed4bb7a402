// A server with a thread of its own, below a temporary folder.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

#include "actors/server.hpp"
#include "tests/actors/scratch_folder.hpp"

namespace volley::actors {

class running_server {
 public:
  explicit running_server(const std::function<void(server_options&)>& adjust = [](server_options&) {}) {
    options.socket_path = folder() / "s";
    options.data_root = folder();
    options.tcp = tcp_options{.host = "127.0.0.1", .port = 0, .token_file = folder() / "token"};
    adjust(options);
    here_ = std::make_unique<server>(options);
    thread_ = std::thread([this] { here_->run(); });
  }
  ~running_server() { stop(); }
  void stop() {
    if (!here_) return;
    here_->stop();
    thread_.join();
    here_.reset();
  }
  void revoke_tokens() { here_->revoke_tokens(); }
  const std::filesystem::path& folder() const { return folder_.path; }
  std::uint16_t tcp_port() const { return here_->tcp_port(); }
  std::uint16_t workers_port() const { return here_->workers_port(); }

  server_options options;

 private:
  const scratch_folder folder_;  // goes away also when the server refuses its options
  std::unique_ptr<server> here_;
  std::thread thread_;
};

}  // namespace volley::actors
