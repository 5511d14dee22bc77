#include "cache/warm_folder.h"

#include <cstdlib>

#include <fmt/core.h>

#include "base/usage_error.h"

namespace offlab {
namespace {
constexpr ByteCount default_limit{4'000'000'000};
}  // namespace

std::filesystem::path warm_folder(const std::filesystem::path& cache) {
  return cache / "warm";
}

ByteCount warm_limit() {
  const char* text = std::getenv("OFFLAB_WARM_LIMIT");
  if (text == nullptr || *text == '\0') return default_limit;
  const auto limit = parse_byte_count(text);
  if (!limit) throw UsageError(fmt::format("error: OFFLAB_WARM_LIMIT: '{}' is not a size, such as 4GB\n", text));
  return *limit;
}

}  // namespace offlab
