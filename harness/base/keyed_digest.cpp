#include "base/keyed_digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/error.h"

namespace offlab {

KeyedDigest::Value KeyedDigest::of(std::span<const std::uint8_t> data) const {
  Value value{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), data.data(), data.size(), value.data(), &size) ==
          nullptr ||
      size != value.size())
    throw Error("computing an HMAC-SHA256 failed");
  return value;
}

KeyedDigest::Key random_key() {
  KeyedDigest::Key key{};
  if (RAND_bytes(key.data(), static_cast<int>(key.size())) != 1) throw Error("the system gives no random numbers");
  return key;
}

}  // namespace offlab
