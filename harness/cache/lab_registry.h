// The labs that stay: CACHE/labs/NAME with lab.json, the lab's logs, and `lock`. Whoever holds the lock is the lab's
// supervisor; the kernel frees it with its holder, so a free lock is a dead lab.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process/file_lock.h"
#include "record/lab_entry.h"

namespace offlab {

struct RegisteredLab {
  std::string name;
  std::filesystem::path folder;
  bool alive = false;             // somebody holds its lock
  std::optional<LabEntry> entry;  // nothing: it has none yet, or a damaged one
};

// A name that was taken, with its lock. A forked child holds the lock as well; it is free when both have let go.
struct LabClaim {
  std::string name;
  std::filesystem::path folder;
  FileLock lock;
};

class LabRegistry {
 public:
  explicit LabRegistry(const std::filesystem::path& cache);

  // All of them, by name.
  std::vector<RegisteredLab> labs() const;
  bool is_alive(const std::string& name) const;
  // Takes `name` when no lab that is alive has it; what a dead one of that name left is removed.
  std::optional<LabClaim> claim(const std::string& name) const;
  // The first free one of NAME, NAME-2, NAME-3 ...
  LabClaim claim_like(const std::string& name) const;
  void write(const LabEntry& entry) const;
  LabEntry read(const std::string& name) const;
  // Removes a lab's folder. For its supervisor, or for a lab that is dead.
  void remove(const std::string& name) const;
  // Removes the folders of dead labs and gives their names.
  std::vector<std::string> remove_dead() const;

 private:
  std::filesystem::path labs_;
};

// Letters, digits, '.', '_' and '-', not beginning with '.' or '-'; at most 60 characters.
bool is_lab_name(const std::string& name);
// The nearest such name.
std::string lab_name_from(const std::string& text);

}  // namespace offlab
