#include "host/digest.h"

#include <array>

#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/error.h"

namespace offlab {

std::string sha256_hex(std::string_view data) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error("computing a SHA-256 failed");
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", hash[i]);
  return hex;
}

}  // namespace offlab
