#include "actors/certificates.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "actors/access.hpp"

namespace volley::actors {

namespace fs = std::filesystem;

namespace {

using key = std::shared_ptr<evp_pkey_st>;
using certificate = std::shared_ptr<x509_st>;
using memory = std::unique_ptr<BIO, decltype(&::BIO_free)>;

constexpr long seconds_of_a_day = 24L * 3600, days_of_an_authority = 3650;

void must(bool done, const char* what) {
  if (done) return;
  const char* const reason = ::ERR_reason_error_string(::ERR_peek_last_error());
  throw std::runtime_error(std::string("certificates: cannot ") + what + ": " + (reason ? reason : "no reason given"));
}

key fresh_key() {
  key made(::EVP_EC_gen("P-256"), &::EVP_PKEY_free);
  must(made != nullptr, "make a key");
  return made;
}

void extend(X509* of, X509* issuer, int what, const std::string& value) {
  X509V3_CTX at;
  ::X509V3_set_ctx(&at, issuer, of, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&::X509_EXTENSION_free)> made(
      ::X509V3_EXT_conf_nid(nullptr, &at, what, value.c_str()), &::X509_EXTENSION_free);
  must(made && ::X509_add_ext(of, made.get(), -1), ("say " + value).c_str());
}

// Without extensions and signature.
certificate blank(const key& whose, const std::string& name, long days) {
  certificate made(::X509_new(), &::X509_free);
  const std::unique_ptr<BIGNUM, decltype(&::BN_free)> number(::BN_new(), &::BN_free);
  must(made && ::X509_set_version(made.get(), X509_VERSION_3) && ::BN_rand(number.get(), 127, 0, 0) &&
           ::BN_to_ASN1_INTEGER(number.get(), ::X509_get_serialNumber(made.get())),
       "make a certificate");
  // Clocks of machines differ a little.
  ::X509_gmtime_adj(::X509_getm_notBefore(made.get()), -seconds_of_a_day + std::min(days, 0L) * seconds_of_a_day);
  ::X509_gmtime_adj(::X509_getm_notAfter(made.get()), days * seconds_of_a_day);
  ::X509_set_pubkey(made.get(), whose.get());
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(made.get()), "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  return made;
}

void sign(const certificate& what, const certificate& issuer, const key& by) {
  ::X509_set_issuer_name(what.get(), ::X509_get_subject_name(issuer.get()));
  must(::X509_sign(what.get(), by.get(), ::EVP_sha256()) > 0, "sign");
}

std::string names_of(const std::vector<std::string>& hosts) {
  std::string all;
  for (const auto& host : hosts) {
    unsigned char bytes[16];
    const bool is_number =
        ::inet_pton(AF_INET, host.c_str(), bytes) == 1 || ::inet_pton(AF_INET6, host.c_str(), bytes) == 1;
    if (host.empty() || host.find_first_of(", ;") != std::string::npos)
      throw std::runtime_error("certificates: no host can be called \"" + host + "\"");
    all += (all.empty() ? "" : ",") + std::string(is_number ? "IP:" : "DNS:") + host;
  }
  return all;
}

template <class Write> void keep(const fs::path& file, Write write) {
  const memory text(::BIO_new(::BIO_s_mem()), &::BIO_free);
  must(text && write(text.get()), "write");
  char* bytes = nullptr;
  const auto size = ::BIO_get_mem_data(text.get(), &bytes);
  write_private_file(file, {bytes, static_cast<std::size_t>(size)});
}

void keep(const fs::path& stem, const key& secret, const certificate& shown) {
  keep(stem.string() + ".key",
       [&](BIO* to) { return ::PEM_write_bio_PrivateKey(to, secret.get(), nullptr, nullptr, 0, nullptr, nullptr); });
  const fs::path file = stem.string() + ".crt";
  keep(file, [&](BIO* to) { return ::PEM_write_bio_X509(to, shown.get()); });
  fs::permissions(file, fs::perms(0644));
}

memory text_of(const fs::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  const auto bytes = text.str();
  memory all(::BIO_new(::BIO_s_mem()), &::BIO_free);
  ::BIO_write(all.get(), bytes.data(), static_cast<int>(bytes.size()));
  return all;
}

}  // namespace

certificate_authority::certificate_authority(fs::path folder) : folder_(std::move(folder)) {
  ::ERR_clear_error();
  fs::create_directories(folder_);
  const auto stem = folder_ / "ca";
  if (fs::exists(stem.string() + ".key")) {
    key_.reset(::PEM_read_bio_PrivateKey(text_of(stem.string() + ".key").get(), nullptr, nullptr, nullptr),
               &::EVP_PKEY_free);
    certificate_.reset(::PEM_read_bio_X509(text_of(stem.string() + ".crt").get(), nullptr, nullptr, nullptr),
                       &::X509_free);
    must(key_ && certificate_ && ::X509_check_private_key(certificate_.get(), key_.get()) == 1,
         "read ca.crt and ca.key");
    return;
  }
  key_ = fresh_key();
  certificate_ = blank(key_, "Volley cluster", days_of_an_authority);
  extend(certificate_.get(), certificate_.get(), NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  extend(certificate_.get(), certificate_.get(), NID_key_usage, "critical,keyCertSign");
  extend(certificate_.get(), certificate_.get(), NID_subject_key_identifier, "hash");
  sign(certificate_, certificate_, key_);
  keep(stem, key_, certificate_);
}

certificate_authority::~certificate_authority() = default;

void certificate_authority::certify(const std::string& name, const certificate_order& what) const {
  ::ERR_clear_error();
  const auto fresh = fresh_key();
  const auto made = blank(fresh, name, what.days);
  X509* const issuer = certificate_.get();
  extend(made.get(), issuer, NID_basic_constraints, "critical,CA:FALSE");
  extend(made.get(), issuer, NID_key_usage, "critical,digitalSignature");
  extend(made.get(), issuer, NID_ext_key_usage, "serverAuth,clientAuth");
  extend(made.get(), issuer, NID_authority_key_identifier, "keyid");
  extend(made.get(), issuer, NID_subject_alt_name, names_of(what.hosts));
  sign(made, certificate_, key_);
  keep(folder_ / name, fresh, made);
}

}  // namespace volley::actors
