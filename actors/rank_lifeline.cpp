#include "actors/rank_lifeline.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace volley::actors {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t greeting_bytes = token_bytes + sizeof(std::uint32_t);
constexpr char goodbye = 'g';
constexpr int connected_within_ms = 2'000;
constexpr std::chrono::seconds come_within{1};
constexpr int look_ms = 20;
constexpr std::size_t most_strangers = 64;

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

std::string make_token() {
  std::string bytes(token_bytes, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) fail("no random numbers");
  return bytes;
}

sockaddr_in address_of(in_addr host, std::uint16_t port) {
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr = host;
  where.sin_port = htons(port);
  return where;
}

std::string text_of(const in_addr& host) {
  std::array<char, INET_ADDRSTRLEN> text{};
  ::inet_ntop(AF_INET, &host, text.data(), text.size());
  return text.data();
}

/// Of the interfaces by which other machines may reach this one.
std::vector<std::string> own_addresses() {
  std::vector<std::string> all;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return all;
  for (const auto* one = first; one != nullptr; one = one->ifa_next)
    if (one->ifa_addr != nullptr && one->ifa_addr->sa_family == AF_INET && (one->ifa_flags & IFF_UP) != 0 &&
        (one->ifa_flags & IFF_LOOPBACK) == 0)
      all.push_back(text_of(reinterpret_cast<const sockaddr_in*>(one->ifa_addr)->sin_addr));
  ::freeifaddrs(first);
  return all;
}

owned_descriptor stream_socket() {
  owned_descriptor made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!made) fail("no socket");
  return made;
}

/// Nothing when nobody answers there.
owned_descriptor connected(const std::string& address, std::uint16_t port) {
  auto made = stream_socket();
  in_addr host{};
  if (::inet_pton(AF_INET, address.c_str(), &host) != 1) return owned_descriptor();
  const auto where = address_of(host, port);
  if (::connect(made.get(), reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
    pollfd writable{made.get(), POLLOUT, 0};
    int failure = 0;
    socklen_t size = sizeof failure;
    if (errno != EINPROGRESS || ::poll(&writable, 1, connected_within_ms) != 1 ||
        ::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &failure, &size) != 0 || failure != 0)
      return owned_descriptor();
  }
  return made;
}

}  // namespace

owned_descriptor& owned_descriptor::operator=(owned_descriptor&& other) noexcept {
  if (number_ >= 0) ::close(number_);
  number_ = other.release();
  return *this;
}

owned_descriptor::~owned_descriptor() {
  if (number_ >= 0) ::close(number_);
}

rank_lifeline::rank_lifeline(std::uint32_t ranks, bool on_this_machine, on_end told)
    : told_(std::move(told)),
      ranks_(ranks),
      listens_(stream_socket()),
      bell_(::eventfd(0, EFD_CLOEXEC)),
      missing_(ranks - 1) {
  in_addr host{};
  host.s_addr = htonl(on_this_machine ? INADDR_LOOPBACK : INADDR_ANY);
  auto where = address_of(host, 0);
  socklen_t size = sizeof where;
  if (!bell_ || ::bind(listens_.get(), reinterpret_cast<const sockaddr*>(&where), size) != 0 ||
      ::listen(listens_.get(), SOMAXCONN) != 0 ||
      ::getsockname(listens_.get(), reinterpret_cast<sockaddr*>(&where), &size) != 0)
    fail("no socket for ranks");
  door_ = {on_this_machine ? std::vector<std::string>{"127.0.0.1"} : own_addresses(), ntohs(where.sin_port),
           make_token()};
  watcher_ = std::thread([this] { watch(); });
}

rank_lifeline::rank_lifeline(std::uint32_t rank, const rank_door& first, on_end told)
    : told_(std::move(told)), ranks_(0), bell_(::eventfd(0, EFD_CLOEXEC)) {
  line to_first;
  for (const auto& address : first.addresses)
    if (!to_first.connection) to_first.connection = connected(address, first.port);
  std::string greeting = first.token;
  greeting.append(reinterpret_cast<const char*>(&rank), sizeof rank);
  if (!bell_ || !to_first.connection ||
      ::send(to_first.connection.get(), greeting.data(), greeting.size(), MSG_NOSIGNAL) !=
          static_cast<ssize_t>(greeting.size()))
    throw std::runtime_error("rank 0 cannot be reached through the network");
  to_first.is_known = true;
  lines_.push_back(std::move(to_first));
  watcher_ = std::thread([this] { watch(); });
}

rank_lifeline::~rank_lifeline() {
  ends_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  if (::write(bell_.get(), &one, sizeof one) == static_cast<ssize_t>(sizeof one)) watcher_.join();
  // Ranks that know the door and have not come yet would find nobody, as where the first has died.
  const auto end = std::chrono::steady_clock::now() + come_within;
  while (missing_ > 0 && std::chrono::steady_clock::now() < end && look(look_ms)) {
  }
  for (const auto& one_line : lines_)
    if (one_line.is_known && !one_line.is_over) ::send(one_line.connection.get(), &goodbye, 1, MSG_NOSIGNAL);
}

void rank_lifeline::watch() {
  while (!ends_.load(std::memory_order_acquire) && look(-1)) {
  }
}

// Waits so long for news. False: that cannot be.
bool rank_lifeline::look(int within_ms) {
  const bool ends = ends_.load(std::memory_order_acquire);
  std::vector<pollfd> all{{ends ? -1 : bell_.get(), POLLIN, 0}, {missing_ > 0 ? listens_.get() : -1, POLLIN, 0}};
  for (const auto& one : lines_) all.push_back({one.connection.get(), POLLIN, 0});
  const int count = ::poll(all.data(), all.size(), within_ms);
  if (count < 0) return errno == EINTR;
  for (std::size_t i = 0; i < lines_.size(); ++i)
    if (all[i + 2].revents != 0) read(lines_[i]);
  if (all[1].revents != 0) let_in();
  std::erase_if(lines_, [](const line& one) { return one.is_over; });
  return true;
}

void rank_lifeline::let_in() {
  owned_descriptor came(::accept4(listens_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  const auto strangers = std::ranges::count(lines_, false, &line::is_known);
  if (!came || static_cast<std::size_t>(strangers) >= most_strangers) return;
  line one;
  one.connection = std::move(came);
  lines_.push_back(std::move(one));
}

// Of a rank that is known one byte comes, or none.
void rank_lifeline::read(line& from) {
  std::array<char, greeting_bytes> bytes;
  const auto got = ::recv(from.connection.get(), bytes.data(), bytes.size(), 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return;
  if (from.is_known) {
    from.is_over = true;
    told_(from.rank, got > 0 && bytes[0] == goodbye);
  } else if (got > 0) {
    read_greeting(from, bytes.data(), static_cast<std::size_t>(got));
  } else {
    from.is_over = true;
  }
}

void rank_lifeline::read_greeting(line& from, const char* bytes, std::size_t count) {
  from.greeting.append(bytes, count);
  if (from.greeting.size() < greeting_bytes) return;
  std::uint32_t rank = 0;
  std::memcpy(&rank, from.greeting.data() + token_bytes, sizeof rank);
  const auto is_here = [&](const line& one) { return one.is_known && one.rank == rank; };
  const bool right = from.greeting.size() == greeting_bytes && from.greeting.starts_with(door_.token) && rank != 0 &&
                     rank < ranks_ && std::ranges::none_of(lines_, is_here);
  if (!right) {
    from.is_over = true;
    return;
  }
  from.rank = rank;
  from.is_known = true;
  --missing_;
}

}  // namespace volley::actors
