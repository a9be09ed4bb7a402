#include "actors/access.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "actors/hexadecimal.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t token_bytes = 32;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

// Private means: a folder, no link, of this user, closed to all others.
void make_private_folder(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot make the folder " + folder.string());
  struct stat found {};
  if (::lstat(folder.c_str(), &found) != 0) fail("cannot look at the folder " + folder.string());
  if (!S_ISDIR(found.st_mode) || found.st_uid != ::geteuid() || (found.st_mode & 077) != 0)
    throw std::runtime_error("the folder " + folder.string() + " is not a private one of this user (mode 0700)");
}

}  // namespace

bool is_same_user(int descriptor) {
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return false;
  return peer.uid == ::geteuid() || peer.uid == 0;
}

std::string make_token() {
  std::array<unsigned char, token_bytes> bits;
  if (::getrandom(bits.data(), bits.size(), 0) != static_cast<ssize_t>(bits.size()))
    fail("no random numbers for a token");
  return hexadecimal(bits);
}

void write_private_file(const fs::path& path, std::string_view text) {
  const fs::path fresh = path.string() + "." + std::to_string(::getpid());
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (file < 0) fail("cannot write the file " + path.string());
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (::close(file) != 0 || !written || ::rename(fresh.c_str(), path.c_str()) != 0) {
    ::unlink(fresh.c_str());
    fail("cannot write the file " + path.string());
  }
}

void write_token_file(const fs::path& path, const std::string& token) { write_private_file(path, token + "\n"); }

std::string kept_token(const fs::path& path) {
  std::string token;
  std::ifstream(path) >> token;
  if (token.size() != 2 * token_bytes) write_token_file(path, token = make_token());
  return token;
}

bool is_token(std::string_view given, std::string_view expected) {
  return given.size() == expected.size() && CRYPTO_memcmp(given.data(), expected.data(), expected.size()) == 0;
}

fs::path runtime_folder() {
  const char* of_session = std::getenv("XDG_RUNTIME_DIR");
  const fs::path folder = of_session && *of_session ? fs::path(of_session) / "volley"
                                                    : fs::path("/tmp") / ("volley-" + std::to_string(::geteuid()));
  make_private_folder(folder);
  return folder;
}

}  // namespace volley::actors
