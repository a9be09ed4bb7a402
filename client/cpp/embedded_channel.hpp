// A channel to a kernel inside this process: frames travel by pointer.
#pragma once
#include "actors/embedded.hpp"
#include "client/cpp/channel.hpp"

namespace volley::client {

class embedded_channel final : public channel {
 public:
  /// Starts the kernel, which ends with the channel.
  explicit embedded_channel(const actors::embedded_options& options = {}) : kernel_(options) {}

  void send(protocol::frame f) override;
  std::optional<protocol::frame> receive(std::chrono::nanoseconds timeout) override;

 private:
  actors::embedded kernel_;
};

}  // namespace volley::client
