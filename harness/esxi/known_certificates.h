// Certificates of servers that a user has trusted at first contact, as known_hosts is for SSH.
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

class KnownCertificates {
 public:
  explicit KnownCertificates(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // SHA-256, 64 hexadecimal digits; empty: none is known.
  std::string fingerprint_of(const std::string& server) const;
  // On disk when it returns. Throws Error.
  void trust(const std::string& server, const std::string& fingerprint) const;
  std::filesystem::path file() const;

 private:
  std::filesystem::path folder_;
};

}  // namespace offlab
