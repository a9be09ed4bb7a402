#include "client/cpp/embedded_channel.hpp"

#include <stdexcept>
#include <utility>

#include "client/cpp/error.hpp"

namespace volley::client {

void embedded_channel::send(protocol::frame f) try {
  kernel_.send(std::move(f));
} catch (const std::runtime_error& fault) {
  throw connection_lost(fault.what());
}

std::optional<protocol::frame> embedded_channel::receive(std::chrono::nanoseconds timeout) try {
  return kernel_.receive(timeout);
} catch (const std::runtime_error& fault) {
  throw connection_lost(fault.what());
}

}  // namespace volley::client
