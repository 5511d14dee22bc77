#include "cache/memory_reservation.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.h"
#include "base/folder_below.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t mebibyte{1'048'576};
constexpr std::uint64_t percent_for_labs = 90;

std::string mebibytes(ByteCount count) {
  return fmt::format("{} MiB", count.bytes / mebibyte);
}

ByteCount sum(const std::vector<MemoryClaim>& claims) {
  ByteCount total;
  for (const MemoryClaim& claim : claims) {
    const std::uint64_t room = std::numeric_limits<std::uint64_t>::max() - total.bytes;
    total.bytes += std::min(claim.bytes.bytes, room);  // one that was damaged may claim anything
  }
  return total;
}

ByteCount left(ByteCount host, const std::vector<MemoryClaim>& claims) {
  const std::uint64_t limit = memory_for_labs(host).bytes;
  const std::uint64_t used = sum(claims).bytes;
  return {used < limit ? limit - used : 0};
}

// Held while claims are counted and made.
FileLock lock_claims(const fs::path& folder) {
  make_folders(folder);
  return FileLock(folder / ".lock", Deadline("the list of memory reservations", std::chrono::seconds(10)), {});
}

// Nothing where the file is being made, or is damaged.
std::optional<MemoryClaim> read_claim(const fs::path& file) try {
  const nlohmann::json claim = parse_json(read_whole_file(file), file.string());
  return MemoryClaim{claim.at("holder").get<std::string>(), {claim.at("bytes").get<std::uint64_t>()}};
} catch (const std::exception&) {
  return std::nullopt;
}

std::vector<MemoryClaim> read_claims(const fs::path& folder) {
  std::vector<MemoryClaim> claims;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().filename() == ".lock" || kind_of(entry.path()) != EntryKind::file) continue;
    if (FileLock::try_take(entry.path(), FileLock::Kind::exclusive)) {
      std::error_code ignored;
      fs::remove(entry.path(), ignored);
      continue;
    }
    if (const auto claim = read_claim(entry.path())) claims.push_back(*claim);
  }
  return claims;
}

std::string holders(const std::vector<MemoryClaim>& claims) {
  std::string text;
  for (const MemoryClaim& claim : claims)
    text += fmt::format("{}{} has {}", text.empty() ? "; " : ", ", claim.holder, mebibytes(claim.bytes));
  return text;
}

}  // namespace

ByteCount memory_for_labs(ByteCount host_memory) {
  return {host_memory.bytes / 100 * percent_for_labs};
}

std::uint64_t labs_that_fit(ByteCount host_memory, const std::vector<MemoryClaim>& claims, ByteCount one) {
  return one.bytes == 0 ? 0 : left(host_memory, claims).bytes / one.bytes;
}

ByteCount host_memory() {
  std::ifstream file("/proc/meminfo");
  std::string word;
  std::uint64_t kibibytes = 0;
  if (!(file >> word >> kibibytes) || word != "MemTotal:") throw Error("/proc/meminfo does not begin with MemTotal");
  return {kibibytes * 1024};
}

std::vector<MemoryClaim> memory_claims(const fs::path& cache) {
  const FileLock lock = lock_claims(cache / "memory");
  return read_claims(cache / "memory");
}

MemoryReservation::MemoryReservation(const fs::path& cache, const MemoryClaim& claim, ByteCount host) {
  const fs::path folder = cache / "memory";
  const FileLock lock = lock_claims(folder);
  const std::vector<MemoryClaim> others = read_claims(folder);
  if (claim.bytes.bytes > left(host, others).bytes)
    throw Error(fmt::format("{} needs {} of memory, {} of {} are free for labs{}", claim.holder, mebibytes(claim.bytes),
                            mebibytes(left(host, others)), mebibytes(memory_for_labs(host)), holders(others)),
                others.empty() ? "give its nodes less memory" : "end a lab (`offlab list`, `offlab down NAME`)");
  std::string pattern = folder / "lab-XXXXXX";
  UniqueFd made(mkostemp(pattern.data(), O_CLOEXEC));
  if (!made) throw system_error("reserving memory in " + folder.string());
  lock_.emplace(std::move(made));
  file_ = pattern;
  const std::string text = nlohmann::json{{"holder", claim.holder}, {"bytes", claim.bytes.bytes}}.dump();
  if (write(lock_->descriptor(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw system_error("writing " + file_.string());
}

MemoryReservation::~MemoryReservation() {
  std::error_code ignored;
  fs::remove(file_, ignored);
}

}  // namespace offlab
