#include "actors/keyring.hpp"

#include <utility>

#include "actors/access.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

keyring::keyring(fs::path file, clock::duration lifetime, clock::time_point now)
    : file_(std::move(file)), lifetime_(lifetime) {
  renew(now);
}

void keyring::renew(clock::time_point now) {
  for (int i = 0; i < roles; ++i) {
    auto fresh = make_token();
    const auto path = file_of(static_cast<role>(i));
    write_token_file(path, fresh);
    files_[i] = owned_path(path);
    tokens_[i] = std::move(fresh);
  }
  expires_ = now + lifetime_;
}

std::optional<role> keyring::role_of(std::string_view token, clock::time_point now) const {
  std::optional<role> found;
  for (int i = 0; i < roles; ++i)
    if (is_token(token, tokens_[i])) found = static_cast<role>(i);
  return now < expires_ ? found : std::nullopt;
}

fs::path keyring::file_of(role whose) const {
  return whose == role::admin ? file_ : fs::path(file_.string() + "." + to_string(whose));
}

}  // namespace volley::actors
