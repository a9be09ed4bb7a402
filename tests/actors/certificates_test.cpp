#include "actors/certificates.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "tests/actors/cluster_certificates.hpp"

namespace volley::actors {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What they are good for: tests/protocol/tls_test.cpp.
TEST(certificates, have_keys_that_are_the_users_alone) {
  const cluster_certificates made;
  for (const char* key : {"ca.key", "server.key"})
    EXPECT_EQ(fs::status(made.folder / "ours" / key).permissions(), fs::perms(0600)) << key;
  EXPECT_EQ(fs::status(made.folder / "ours/server.crt").permissions(), fs::perms(0644));
}

TEST(certificates, are_renewed_by_the_same_authority) {
  const cluster_certificates made;
  const auto authority = text_of(made.folder / "ours/ca.crt"), old = text_of(made.folder / "ours/server.crt");
  certificate_authority(made.folder / "ours").certify("server", {{"localhost", "::1"}, 2});
  EXPECT_EQ(text_of(made.folder / "ours/ca.crt"), authority);
  EXPECT_NE(text_of(made.folder / "ours/server.crt"), old);
}

TEST(certificates, of_what_is_no_host_or_no_authority_are_refused) {
  const cluster_certificates made;
  const certificate_authority ours(made.folder / "ours");
  for (const char* wrong : {"", "a,IP:1.2.3.4", "a b"})
    EXPECT_THROW(ours.certify("x", {{wrong}, 2}), std::runtime_error) << wrong;
  EXPECT_FALSE(fs::exists(made.folder / "ours/x.key"));
  std::ofstream(made.folder / "ours/ca.key") << "no key\n";
  EXPECT_THROW(certificate_authority(made.folder / "ours"), std::runtime_error);
}

}  // namespace
}  // namespace volley::actors
