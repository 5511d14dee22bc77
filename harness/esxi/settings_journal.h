// What offlab has switched on a hypervisor host, and what was there before: a file of lines, each on disk before what
// it tells of is done. A last line that is not whole was not written: what it would have told of was not done.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "process/file_lock.h"

namespace offlab {

struct SavedSetting {
  std::string host;
  std::string key;
  std::int64_t was = 0;
  bool operator==(const SavedSetting&) const = default;
};

class SettingsJournal {
 public:
  // Of the hosts of one file, by its address. Holds its lock until it is destroyed. Throws Error that names `owner` of
  // the one who has it.
  SettingsJournal(const std::filesystem::path& folder, const std::string& address, const std::string& owner);
  SettingsJournal(const SettingsJournal&) = delete;
  SettingsJournal& operator=(const SettingsJournal&) = delete;

  // In the order in which they were switched; each key of a host once, with what it had first.
  const std::vector<SavedSetting>& saved() const { return saved_; }
  // Was it left in the middle: by a process that was killed?
  bool is_unfinished() const { return is_unfinished_; }
  // On disk when they return. Begin before anything, save before a setting is switched (one that is saved already stays
  // as it is), finish when all are.
  void begin();
  void save(const SavedSetting& setting);
  void finish();
  // It has its value again. After the last one, the file goes away.
  void forget(const SavedSetting& setting);
  // Nothing is switched: the file goes away.
  void close();

 private:
  void read();
  void append(const std::string& line);

  std::string address_;
  std::filesystem::path file_;
  std::optional<FileLock> lock_;
  std::vector<SavedSetting> saved_;
  bool is_unfinished_ = false;
};

}  // namespace offlab
