// The bytes of a connected stream socket, as they are or under TLS: who reads and writes frames does not know which.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "protocol/tls.hpp"

namespace volley::protocol {

/// What a call has moved, and what the next one has to wait for.
struct transfer {
  enum class wait : std::uint8_t { nothing, input, room, forever };
  std::size_t bytes = 0;
  wait next = wait::nothing;
  std::string why;  ///< forever: the connection has ended, or is good for nothing
};

/// No call waits. Thread safety: one thread may read while another writes.
class byte_stream {
 public:
  /// `descriptor` stays its owner's.
  explicit byte_stream(int descriptor, tls_session secured = nullptr);
  byte_stream(byte_stream&&) noexcept;
  byte_stream& operator=(byte_stream&&) noexcept;
  ~byte_stream();

  /// To be called before all else, until there is nothing to wait for. Without TLS there is nothing to do.
  transfer shake_hands();
  transfer read(std::span<std::byte> to);
  /// Of one piece after the other, as much as goes. What did not go comes again with the next call.
  transfer write(std::span<const std::byte> first, std::span<const std::byte> second = {});

  /// Under TLS something may be left to read where the socket has nothing: until `read` says so.
  bool is_secure() const { return tls_ != nullptr; }

 private:
  struct secured;
  int descriptor_;
  std::unique_ptr<secured> tls_;
};

}  // namespace volley::protocol
