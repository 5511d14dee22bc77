#include "vsphere/https_transport.h"

#include <array>
#include <cctype>

#include <curl/curl.h>
#include <fmt/core.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "base/digest.h"
#include "base/error.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

constexpr milliseconds connect_limit{5000};

std::string fingerprint_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = certificate == nullptr ? -1 : i2d_X509(certificate, &bytes);
  if (size < 0) return "";
  std::string fingerprint = sha256_hex({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  OPENSSL_free(bytes);
  return fingerprint;
}

std::string url_of(const std::string& address, std::uint16_t port) {
  const bool is_ipv6 = address.find(':') != std::string::npos;
  return fmt::format("https://{}:{}/sdk", is_ipv6 ? "[" + address + "]" : address, port);
}

// libcurl's own set-up is of the process; it is never undone.
CURL* new_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error(fmt::format("libcurl: {}", curl_easy_strerror(started)));
  return curl_easy_init();
}

}  // namespace

struct HttpsTransport::Connection {
  explicit Connection(HttpsServer one) : server(std::move(one)) {
    headers = curl_slist_append(headers, "SOAPAction: \"urn:vim25/6.0\"");
    headers = curl_slist_append(headers, "Expect:");
    if (curl == nullptr || headers == nullptr) throw Error("libcurl: out of memory");
    curl_easy_setopt(curl, CURLOPT_URL, url_of(server.address, server.port).c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");  // a password goes to the host itself
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, "");  // kept in memory
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(connect_limit.count()));
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, trouble.data());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (!server.ca_file.empty()) {
      curl_easy_setopt(curl, CURLOPT_CAINFO, server.ca_file.c_str());
      curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    } else {
      // The certificate itself is known, so it need not be for the address, nor signed by anybody.
      curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
      curl_easy_setopt(curl, CURLOPT_SSL_CTX_FUNCTION, use_fingerprint);
      curl_easy_setopt(curl, CURLOPT_SSL_CTX_DATA, this);
    }
  }
  ~Connection() {
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  static CURLcode use_fingerprint(CURL*, void* context, void* self) {
    SSL_CTX_set_cert_verify_callback(static_cast<SSL_CTX*>(context), compare, self);
    return CURLE_OK;
  }
  static int compare(X509_STORE_CTX* chain, void* self) {
    auto& connection = *static_cast<Connection*>(self);
    connection.seen = fingerprint_of(X509_STORE_CTX_get0_cert(chain));
    if (!connection.seen.empty() && connection.seen == connection.server.fingerprint) return 1;
    X509_STORE_CTX_set_error(chain, X509_V_ERR_CERT_REJECTED);
    return 0;
  }
  static std::size_t take(char* bytes, std::size_t, std::size_t size, void* self) {
    auto& connection = *static_cast<Connection*>(self);
    connection.is_too_long = connection.answer.size() + size > longest_answer;
    if (connection.is_too_long) return 0;
    connection.answer.append(bytes, size);
    return size;
  }

  CURLcode perform(const std::string& document, milliseconds limit) {
    answer.clear();
    seen.clear();
    is_too_long = false;
    trouble.front() = '\0';
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, document.c_str());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(document.size()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>(limit.count())));
    return curl_easy_perform(curl);
  }

  std::string name() const { return fmt::format("{}:{}", server.address, server.port); }

  [[noreturn]] void fail(CURLcode code) const {
    if (is_too_long) throw Error(fmt::format("{}: its answer is larger than {} MiB", name(), longest_answer >> 20));
    if (!seen.empty() && seen != server.fingerprint)
      throw Error(fmt::format("{} presents another certificate than the one that is trusted: its SHA-256 fingerprint "
                              "is {}",
                              name(), fingerprint_words(seen)),
                  "find out why; if it is the host's new certificate: fingerprint = \"...\" in the file of the host");
    if (code == CURLE_OPERATION_TIMEDOUT)
      throw Error(fmt::format("{}: no answer within {} s", name(), allowed.count() / 1000));
    const char* words = trouble.front() == '\0' ? curl_easy_strerror(code) : trouble.data();
    if (code == CURLE_PEER_FAILED_VERIFICATION)
      throw Error(fmt::format("{}: its certificate is not trusted: {}", name(), words),
                  R"(ca_file = "..." with the certificate of the authority, or fingerprint = "...")");
    if (code == CURLE_SSL_CACERT_BADFILE)
      throw Error(fmt::format("ca_file {}: no certificates in PEM form are there", server.ca_file));
    throw Error(fmt::format("{}: {}", name(), words));
  }

  HttpsServer server;
  CURL* curl = new_curl();
  curl_slist* headers = curl_slist_append(nullptr, "Content-Type: text/xml; charset=utf-8");
  std::array<char, CURL_ERROR_SIZE> trouble{};
  std::string answer;
  bool is_too_long = false;
  std::string seen;  // fingerprint of the certificate, in the handshake just made
  milliseconds allowed{10'000};
  SteadyTime end = std::chrono::steady_clock::now() + allowed;
  bool is_given_up = false;
};

std::string fingerprint_words(const std::string& fingerprint) {
  std::string words;
  for (std::size_t i = 0; i < fingerprint.size(); ++i) {
    if (i != 0 && i % 2 == 0) words += ':';
    words += static_cast<char>(std::toupper(static_cast<unsigned char>(fingerprint[i])));
  }
  return words;
}

HttpsTransport::HttpsTransport(HttpsServer server) : connection_(std::make_unique<Connection>(std::move(server))) {}
HttpsTransport::~HttpsTransport() = default;

void HttpsTransport::allow(milliseconds time) {
  connection_->allowed = time;
  connection_->end = std::chrono::steady_clock::now() + time;
}

void HttpsTransport::try_again(milliseconds time) {
  connection_->is_given_up = false;
  allow(time);
}

std::string HttpsTransport::post(const std::string& document) {
  Connection& one = *connection_;
  if (one.is_given_up) throw Error(fmt::format("{} did not answer before, and is not asked again", one.name()));
  const auto left = std::chrono::duration_cast<milliseconds>(one.end - std::chrono::steady_clock::now());
  const CURLcode code = left.count() <= 0 ? CURLE_OPERATION_TIMEDOUT : one.perform(document, left);
  if (code == CURLE_OPERATION_TIMEDOUT) one.is_given_up = true;
  if (code != CURLE_OK) one.fail(code);
  long status = 0;
  curl_easy_getinfo(one.curl, CURLINFO_RESPONSE_CODE, &status);
  constexpr long fault = 500;
  if (status != 200 && status != fault)
    throw Error(fmt::format("{}: HTTP status {}: is it an ESXi host or a vCenter?", one.name(), status));
  return std::move(one.answer);
}

std::string HttpsTransport::seen_fingerprint(const std::string& address, std::uint16_t port) {
  Connection one({.address = address, .port = port});
  const CURLcode code = one.perform("", one.allowed);
  if (one.seen.empty()) one.fail(code);
  return one.seen;
}

}  // namespace offlab
