#include "protocol/byte_stream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <ranges>

namespace volley::protocol {

namespace {

using bytes = std::span<const std::byte>;
using enum transfer::wait;

constexpr const char* ended = "it hung up";

transfer failed(std::string why) { return {0, forever, std::move(why)}; }

transfer of_system_call(ssize_t moved, transfer::wait needs) {
  if (moved >= 0) return {static_cast<std::size_t>(moved), nothing, {}};
  if (errno == EAGAIN || errno == EWOULDBLOCK) return {0, needs, {}};
  return failed(std::strerror(errno));
}

template <class Call> ssize_t uninterrupted(Call call) {
  for (;;)
    if (const auto moved = call(); moved >= 0 || errno != EINTR) return moved;
}

// The library's own socket BIO would let a peer that is gone end the process by SIGPIPE.
int descriptor_of(BIO* at) { return static_cast<int>(reinterpret_cast<std::intptr_t>(::BIO_get_data(at))); }

int pass_on(BIO* at, ssize_t moved, void (*retry)(BIO*)) {
  ::BIO_clear_retry_flags(at);
  if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) retry(at);
  return static_cast<int>(moved);
}

BIO_METHOD* make_socket_method() {
  auto* const m = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket without signals");
  ::BIO_meth_set_read(m, [](BIO* from, char* to, int size) {
    return pass_on(from, uninterrupted([&] {
                     return ::recv(descriptor_of(from), to, static_cast<std::size_t>(size), MSG_DONTWAIT);
                   }),
                   [](BIO* b) { BIO_set_retry_read(b); });
  });
  ::BIO_meth_set_write(m, [](BIO* to, const char* from, int size) {
    return pass_on(to, uninterrupted([&] {
                     return ::send(descriptor_of(to), from, static_cast<std::size_t>(size),
                                   MSG_DONTWAIT | MSG_NOSIGNAL);
                   }),
                   [](BIO* b) { BIO_set_retry_write(b); });
  });
  ::BIO_meth_set_ctrl(m, [](BIO*, int what, long, void*) -> long { return what == BIO_CTRL_FLUSH ? 1 : 0; });
  return m;
}

BIO* socket_of(int descriptor) {
  static BIO_METHOD* const method = make_socket_method();
  auto* const b = ::BIO_new(method);
  ::BIO_set_data(b, reinterpret_cast<void*>(static_cast<std::intptr_t>(descriptor)));
  ::BIO_set_init(b, 1);
  return b;
}

// What the library says of a failure, in words for an operator.
std::string reason_of(ssl_st* ssl) {
  const auto error = ::ERR_peek_last_error();
  const int reason = ERR_GET_REASON(error);
  if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
    return std::string("its certificate is refused: ") + ::X509_verify_cert_error_string(::SSL_get_verify_result(ssl));
  if (reason == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE) return "it shows no certificate";
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_HTTP_REQUEST || reason == SSL_R_PACKET_LENGTH_TOO_LONG)
    return "it does not speak TLS";
  const char* const words = ::ERR_reason_error_string(error);
  const std::string text = words ? words : "unknown";
  // An alert is what the other side says of us.
  return reason > SSL_AD_REASON_OFFSET ? "it refuses us by TLS: " + text : "TLS: " + text;
}

}  // namespace

struct byte_stream::secured {
  // Records of a key that AES-GCM allows: 2^24.5.
  static constexpr std::uint64_t records_of_a_key = std::uint64_t{1} << 24;
  static constexpr std::size_t record_bytes = std::size_t{16} << 10;

  transfer outcome(int result, std::size_t moved) {
    if (result > 0) return {moved, nothing, {}};
    switch (::SSL_get_error(ssl.get(), result)) {
      case SSL_ERROR_WANT_READ: return {0, input, {}};
      case SSL_ERROR_WANT_WRITE: return {0, room, {}};
      case SSL_ERROR_ZERO_RETURN: return failed(ended);
      case SSL_ERROR_SYSCALL: return failed(errno ? std::strerror(errno) : ended);
      default: return failed(reason_of(ssl.get()));
    }
  }
  /// Both pieces in one record, where they are small.
  bytes gathered(bytes first, bytes second) {
    if (first.empty()) return second;
    const auto rest = second.first(std::min(second.size(), record_bytes - std::min(first.size(), record_bytes)));
    if (rest.empty()) return first;
    const auto end = std::ranges::copy(rest, std::ranges::copy(first, record.begin()).out).out;
    return {record.begin(), end};
  }
  void count_record() {
    if (++records % records_of_a_key == 0 && ::SSL_version(ssl.get()) >= TLS1_3_VERSION)
      ::SSL_key_update(ssl.get(), SSL_KEY_UPDATE_NOT_REQUESTED);
  }

  tls_session ssl;
  std::mutex mutex{};  // the library wants one thread at a time
  std::uint64_t records = 0;
  std::array<std::byte, record_bytes> record;
};

byte_stream::byte_stream(int descriptor, tls_session session) : descriptor_(descriptor) {
  if (!session) return;
  auto* const socket = socket_of(descriptor);
  ::SSL_set_bio(session.get(), socket, socket);
  tls_ = std::make_unique<secured>(std::move(session));
}
byte_stream::byte_stream(byte_stream&&) noexcept = default;
byte_stream& byte_stream::operator=(byte_stream&&) noexcept = default;
byte_stream::~byte_stream() = default;

transfer byte_stream::shake_hands() {
  if (!tls_) return {};
  const std::lock_guard guard(tls_->mutex);
  ::ERR_clear_error();
  errno = 0;
  return tls_->outcome(::SSL_do_handshake(tls_->ssl.get()), 0);
}

transfer byte_stream::read(std::span<std::byte> to) {
  if (to.empty()) return {};
  if (!tls_) {
    const auto got = uninterrupted([&] { return ::recv(descriptor_, to.data(), to.size(), MSG_DONTWAIT); });
    return got == 0 ? failed(ended) : of_system_call(got, input);
  }
  const std::lock_guard guard(tls_->mutex);
  ::ERR_clear_error();
  errno = 0;
  std::size_t got = 0;
  const int result = ::SSL_read_ex(tls_->ssl.get(), to.data(), to.size(), &got);
  return tls_->outcome(result, got);
}

transfer byte_stream::write(bytes first, bytes second) {
  if (!tls_) {
    const auto piece = [](bytes b) { return iovec{const_cast<std::byte*>(b.data()), b.size()}; };
    std::array parts{piece(first), piece(second)};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return of_system_call(uninterrupted([&] { return ::sendmsg(descriptor_, &message, MSG_DONTWAIT | MSG_NOSIGNAL); }),
                          room);
  }
  const std::lock_guard guard(tls_->mutex);
  if (!::SSL_is_init_finished(tls_->ssl.get())) return failed("TLS has not begun");
  const auto next = tls_->gathered(first, second);
  ::ERR_clear_error();
  errno = 0;
  std::size_t sent = 0;
  const int result = ::SSL_write_ex(tls_->ssl.get(), next.data(), next.size(), &sent);
  if (result > 0) tls_->count_record();
  return tls_->outcome(result, sent);
}

}  // namespace volley::protocol
