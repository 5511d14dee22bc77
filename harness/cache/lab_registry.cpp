#include "cache/lab_registry.h"

#include <algorithm>
#include <cctype>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>

#include "base/error.h"
#include "base/folder_below.h"
#include "base/new_file.h"
#include "base/read_file.h"
#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 60;

// Held while names come and go; the locks inside it belong to labs.
FileLock lock_registry(const fs::path& labs) {
  return FileLock(labs / ".lock", Deadline("the list of labs", std::chrono::seconds(10)), {});
}

bool has_holder(const fs::path& folder) {
  return FileLock::is_held(folder / "lock");
}

std::optional<LabEntry> read_entry(const fs::path& folder) {
  try {
    return lab_entry_from_json(read_whole_file(folder / "lab.json"));
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Somebody took the name, and was killed before it was a lab.
bool is_claim_alone(const fs::path& folder) {
  std::error_code none;
  return fs::is_regular_file(fs::symlink_status(folder / "lock", none)) &&
         fs::symlink_status(folder / "lab.json", none).type() == fs::file_type::not_found;
}

bool fits_in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
}

std::optional<LabClaim> claim_unlocked(const fs::path& labs, const std::string& name) {
  const fs::path folder = labs / name;
  if (has_holder(folder)) return std::nullopt;
  fs::remove_all(folder);
  fs::create_directories(folder);
  auto lock = FileLock::try_make(folder / "lock");
  if (!lock) throw system_error(fmt::format("taking {}", (folder / "lock").string()));
  return LabClaim{name, folder, std::move(*lock)};
}

}  // namespace

LabRegistry::LabRegistry(const fs::path& cache) : labs_(cache / "labs") {
  make_folders(labs_);
}

std::vector<RegisteredLab> LabRegistry::labs() const {
  const FileLock lock = lock_registry(labs_);
  std::vector<RegisteredLab> all;
  for (const fs::path& one : folders_in(labs_)) {
    const bool alive = has_holder(one);
    if (!alive && is_claim_alone(one))
      fs::remove_all(one);
    else
      all.push_back({one.filename(), one, alive, read_entry(one)});
  }
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return all;
}

bool LabRegistry::is_alive(const std::string& name) const {
  const FileLock lock = lock_registry(labs_);
  return has_holder(labs_ / name);
}

std::optional<LabClaim> LabRegistry::claim(const std::string& name) const {
  const FileLock lock = lock_registry(labs_);
  return claim_unlocked(labs_, name);
}

LabClaim LabRegistry::claim_like(const std::string& name) const {
  const FileLock lock = lock_registry(labs_);
  for (int number = 1;; ++number)
    if (auto claim = claim_unlocked(labs_, number == 1 ? name : fmt::format("{}-{}", name, number)))
      return std::move(*claim);
}

void LabRegistry::write(const LabEntry& entry) const {
  NewFile file(labs_ / entry.name, "lab.json");
  file.write(lab_entry_to_json(entry) + "\n");
  file.take_its_place();
}

LabEntry LabRegistry::read(const std::string& name) const {
  return with_frame(fmt::format("lab '{}'", name),
                    [&] { return lab_entry_from_json(read_whole_file(labs_ / name / "lab.json")); });
}

void LabRegistry::remove(const std::string& name) const {
  const FileLock lock = lock_registry(labs_);
  fs::remove_all(labs_ / name);
}

std::vector<std::string> LabRegistry::remove_dead() const {
  const FileLock lock = lock_registry(labs_);
  std::vector<std::string> removed;
  for (const fs::path& one : folders_in(labs_))
    if (!has_holder(one)) removed.push_back(one.filename());
  for (const std::string& name : removed) fs::remove_all(labs_ / name);
  std::sort(removed.begin(), removed.end());
  return removed;
}

bool is_lab_name(const std::string& name) {
  return !name.empty() && name.size() <= longest_name && name[0] != '.' && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), fits_in_name);
}

std::string lab_name_from(const std::string& text) {
  std::string name = text.substr(0, longest_name - 4);  // room for "-123"
  std::replace_if(
      name.begin(), name.end(), [](char c) { return !fits_in_name(c); }, '-');
  name.erase(0, name.find_first_not_of(".-"));
  return name.empty() ? "lab" : name;
}

}  // namespace offlab
