// Where a session's frames leave for its client: a socket, or a queue inside the process.
#pragma once
#include <cstddef>

#include "protocol/frame.hpp"

namespace volley::actors {

/// Thread safety: any thread may call. Nothing here blocks or throws: a client that is gone takes no frames.
class outlet {
 public:
  virtual ~outlet() = default;
  virtual void send(protocol::frame f) = 0;
  /// The longest body it takes; longer replies go in pages.
  virtual std::size_t page_words() const = 0;
  /// Nothing more will be sent: close when what was sent is out.
  virtual void close() = 0;
};

}  // namespace volley::actors
