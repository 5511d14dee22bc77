#include "cache/host_lock.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <set>

#include <fmt/chrono.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/parse_json.h"
#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using std::chrono::system_clock;

struct Holding {
  std::string owner;
  std::int64_t expires = 0;  // seconds since 1970
  std::set<pid_t> holders;
};

fs::path file_in(const fs::path& cache) {
  return cache / "host-lock.json";
}

// Whoever changes the file.
FileLock guard_of(const fs::path& cache) {
  return {cache / "host-lock", Deadline("the lock of this host", seconds(10)), {}};
}

bool is_alive(pid_t process) {
  return process > 0 && (kill(process, 0) == 0 || errno == EPERM);
}

// A file that is none holds nothing. Holders that died hold nothing either.
Holding read_holding(const fs::path& cache) {
  std::ifstream file(file_in(cache));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const auto document = try_parse_json(text).value_or(nlohmann::json());
  Holding holding;
  try {
    holding = {document.at("owner"), document.at("expires"), document.at("holders")};
  } catch (const nlohmann::json::exception&) {
    return {};
  }
  std::erase_if(holding.holders, [](pid_t one) { return !is_alive(one); });
  return holding;
}

void write_holding(const fs::path& cache, const Holding& holding) {
  const fs::path file = file_in(cache);
  std::error_code ignored;
  if (holding.holders.empty()) {
    fs::remove(file, ignored);
    return;
  }
  const fs::path fresh = file.string() + ".new";
  std::ofstream(fresh)
      << nlohmann::json{{"owner", holding.owner}, {"expires", holding.expires}, {"holders", holding.holders}}.dump()
      << "\n";
  fs::rename(fresh, file, ignored);
  if (ignored) throw Error(fmt::format("writing {}: {}", file.string(), ignored.message()));
}

}  // namespace

HostLock::HostLock(fs::path cache, std::string owner, Now now)
    : cache_(std::move(cache)), owner_(std::move(owner)), now_(std::move(now)) {
  hold();
}

void HostLock::hold() {
  const FileLock guard = guard_of(cache_);
  const std::int64_t now = system_clock::to_time_t(now_());
  Holding holding = read_holding(cache_);
  if (!holding.holders.empty() && holding.owner != owner_ && holding.expires > now)
    throw Error(fmt::format("it is in use by {} until {:%H:%M:%S} UTC, or longer", clean_line(holding.owner),
                            fmt::gmtime(static_cast<std::time_t>(holding.expires))),
                "wait, or end that run");
  if (holding.owner != owner_) holding = {owner_, 0, {}};
  holding.expires = now + lifetime.count();
  holding.holders.insert(getpid());
  write_holding(cache_, holding);
}

void HostLock::renew() {
  hold();
}

HostLock::~HostLock() {
  try {
    const FileLock guard = guard_of(cache_);
    Holding holding = read_holding(cache_);
    if (holding.owner != owner_) return;
    holding.holders.erase(getpid());
    write_holding(cache_, holding);
  } catch (const std::exception&) {  // it expires
  }
}

}  // namespace offlab
