// HTTPS by libcurl, to one server whose certificate is known. Nothing of a request or an answer is logged. A signal
// does not cut a request off: what was changed must be put back over the same connection.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "vsphere/soap_transport.h"

namespace offlab {

struct HttpsServer {
  std::string address;
  std::uint16_t port = 443;
  // One of them.
  std::string ca_file = {};      // certificates of authorities; the certificate must be for `address`
  std::string fingerprint = {};  // SHA-256 of the server's certificate, 64 hexadecimal digits in lower case
};

// An answer larger than this is refused, as is one that takes longer.
inline constexpr std::size_t longest_answer = std::size_t{8} * 1024 * 1024;

// "AB:CD:..." for people, as `openssl x509 -fingerprint -sha256` prints it.
std::string fingerprint_words(const std::string& fingerprint);

class HttpsTransport : public SoapTransport {
 public:
  explicit HttpsTransport(HttpsServer server);
  ~HttpsTransport() override;
  HttpsTransport(const HttpsTransport&) = delete;
  HttpsTransport& operator=(const HttpsTransport&) = delete;

  // From now on, all answers together must come within this time; once they have not, nothing more is sent until
  // somebody tries again: a host that reboots does not answer for a while.
  void allow(std::chrono::milliseconds time);
  void try_again(std::chrono::milliseconds time);
  std::string post(const std::string& document) override;

  // Of the certificate that the server shows; nothing is sent to it. Throws Error.
  static std::string seen_fingerprint(const std::string& address, std::uint16_t port);

 private:
  struct Connection;
  std::unique_ptr<Connection> connection_;
};

}  // namespace offlab
