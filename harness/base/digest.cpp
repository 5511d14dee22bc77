#include "base/digest.h"

#include <array>
#include <vector>

#include <fcntl.h>
#include <fmt/core.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "base/read_file.h"

namespace offlab {
namespace {

using Hash = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string hex_of(const Hash& hash, unsigned size) {
  std::string hex;
  for (unsigned i = 0; i < size; ++i) hex += fmt::format("{:02x}", hash[i]);
  return hex;
}

// Gives how many bytes it has.
unsigned hash_into(Hash& hash, std::string_view data) {
  unsigned size = 0;
  if (EVP_Digest(data.data(), data.size(), hash.data(), &size, EVP_sha256(), nullptr) != 1)
    throw Error("computing a SHA-256 failed");
  return size;
}

}  // namespace

std::string sha256_hex(std::string_view data) {
  Hash hash{};
  const unsigned size = hash_into(hash, data);
  return hex_of(hash, size);
}

std::string sha256_base64(std::string_view data) {
  Hash hash{};
  const unsigned size = hash_into(hash, data);
  std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> text{};
  const int length = EVP_EncodeBlock(text.data(), hash.data(), static_cast<int>(size));
  return {text.begin(), text.begin() + length};
}

std::string sha256_hex_of_file(const std::filesystem::path& file) {
  const UniqueFd input(open(file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!input) throw system_error(fmt::format("opening {}", file.string()));
  require_regular_file(input.get(), file.string());
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  std::vector<char> block(1U << 18U);
  ssize_t got = 0;
  while (good && (got = read(input.get(), block.data(), block.size())) > 0)
    good = EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(got)) == 1;
  if (got < 0) throw system_error(fmt::format("reading {}", file.string()));
  Hash hash{};
  unsigned size = 0;
  if (!good || EVP_DigestFinal_ex(context.get(), hash.data(), &size) != 1) throw Error("computing a SHA-256 failed");
  return hex_of(hash, size);
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace offlab
