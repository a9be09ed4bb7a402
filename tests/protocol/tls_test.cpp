#include "protocol/tls.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/actors/cluster_certificates.hpp"
#include "tests/protocol/two_ends.hpp"

namespace volley::protocol {
namespace {

using said = std::pair<std::string, std::string>;

class tls : public testing::Test {
 protected:
  /// What server and client have to say of each other.
  said meet(const tls_files& server, const tls_files& client, const std::string& host = "localhost") {
    tls_identity a(server), b(client);
    return two_ends(a.accepting(false), b.dialling(host)).shake_hands();
  }
  /// The same of two workers; what the one that dials hears at last.
  said meet_as_workers(const tls_files& accepting, const tls_files& dialling) {
    tls_identity a(accepting), b(dialling);
    two_ends ends(a.accepting(true), b.dialling_any());
    auto both = ends.shake_hands();
    std::array<std::byte, 1> some;
    if (both.second.empty()) both.second = ends.dialled->read(some).why;
    return both;
  }
  void expect_refusal(const said& both, const std::string& of_client, const std::string& of_server) {
    EXPECT_NE(both.second.find(of_client), std::string::npos) << both.second;
    EXPECT_NE(both.first.find(of_server), std::string::npos) << both.first;
  }
  const actors::cluster_certificates made;
  const tls_files server = made.files("ours/server"), client = made.trusting("ours/ca");
};

TEST_F(tls, a_trusted_certificate_for_the_host_is_taken) {
  EXPECT_EQ(meet(server, client), said());
  EXPECT_EQ(meet(server, client, "127.0.0.1"), said());
}

TEST_F(tls, a_certificate_for_another_host_is_refused) {
  expect_refusal(meet(server, client, "example.org"), "hostname mismatch", "it refuses us");
  expect_refusal(meet(server, client, "127.0.0.2"), "IP address mismatch", "it refuses us");
}

TEST_F(tls, expired_foreign_and_unknown_certificates_are_refused_by_name) {
  expect_refusal(meet(made.files("ours/expired"), client), "certificate has expired", "certificate expired");
  expect_refusal(meet(made.files("others/server"), client), "its certificate is refused", "it refuses us");
  expect_refusal(meet(server, {}), "its certificate is refused", "unknown ca");  // what the system trusts
  expect_refusal(meet(made.files("others/ca"), client), "self-signed", "it refuses us");
}

TEST_F(tls, a_certificate_itself_may_be_trusted) {
  EXPECT_EQ(meet(server, made.trusting("ours/server")), said());
  expect_refusal(meet(server, made.trusting("ours/worker")), "its certificate is refused", "it refuses us");
}

TEST_F(tls, workers_show_certificates_both_of_them) {
  const auto worker = made.files("ours/worker");
  EXPECT_EQ(meet_as_workers(server, worker).first, "");
  EXPECT_EQ(meet_as_workers(worker, worker).first, "") << "whatever the host";
  expect_refusal(meet_as_workers(server, client), "certificate required", "it shows no certificate");
  expect_refusal(meet_as_workers(server, made.files("others/server")), "it refuses us", "its certificate is refused");
  expect_refusal(meet_as_workers(server, made.files("ours/expired")), "it refuses us", "certificate has expired");
  expect_refusal(meet_as_workers(made.files("others/server"), worker), "its certificate is refused", "it refuses us");
}

TEST_F(tls, renewed_files_are_read_again) {
  tls_identity a(server), b(client);
  EXPECT_EQ(two_ends(a.accepting(false), b.dialling("localhost")).shake_hands(), said());
  const auto replace = [&](const char* with) {
    for (const char* ending : {".crt", ".key"})
      std::filesystem::copy_file(made.folder / (std::string(with) + ending),
                                 made.folder / (std::string("ours/server") + ending),
                                 std::filesystem::copy_options::overwrite_existing);
  };
  replace("others/server");
  expect_refusal(two_ends(a.accepting(false), b.dialling("localhost")).shake_hands(), "its certificate is refused",
                 "it refuses us");
  std::ofstream(server.key) << "no key\n";
  EXPECT_NE(a.accepting(false), nullptr) << "what was read stays";
}

TEST_F(tls, wrong_files_are_named) {
  const auto why = [](const tls_files& files) {
    try {
      tls_identity mine(files);
      return std::string();
    } catch (const std::runtime_error& failure) {
      return std::string(failure.what());
    }
  };
  EXPECT_NE(why({made.folder / "missing.crt", server.key, {}}).find("missing.crt"), std::string::npos);
  EXPECT_NE(why({server.certificate, made.folder / "missing.key", {}}).find("missing.key"), std::string::npos);
  EXPECT_NE(why({server.certificate, made.files("ours/worker").key, {}}).find("worker.key"), std::string::npos);
  EXPECT_NE(why({{}, {}, server.key}).find("server.key"), std::string::npos);
  EXPECT_NE(why({server.certificate, {}, {}}), "");
}

}  // namespace
}  // namespace volley::protocol
