#include "esxi/known_certificates.h"

#include <map>
#include <sstream>

#include <fmt/core.h>

#include "base/new_file.h"
#include "base/read_file.h"

namespace offlab {
namespace {

constexpr const char* file_name = "known_certificates";

std::map<std::string, std::string> read(const std::filesystem::path& file) {
  std::map<std::string, std::string> known;
  if (!std::filesystem::exists(file)) return known;
  std::istringstream lines(read_whole_file(file));
  for (std::string server, fingerprint; lines >> server >> fingerprint;) known[server] = fingerprint;
  return known;
}

}  // namespace

std::filesystem::path KnownCertificates::file() const {
  return folder_ / file_name;
}

std::string KnownCertificates::fingerprint_of(const std::string& server) const {
  const auto known = read(file());
  const auto found = known.find(server);
  return found == known.end() ? "" : found->second;
}

void KnownCertificates::trust(const std::string& server, const std::string& fingerprint) const {
  std::filesystem::create_directories(folder_);
  auto known = read(file());
  known[server] = fingerprint;
  std::string text;
  for (const auto& [one, digits] : known) text += fmt::format("{} {}\n", one, digits);
  write_to_disk(folder_, file_name, text);
}

}  // namespace offlab
