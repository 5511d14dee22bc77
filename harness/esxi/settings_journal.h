// What offlab has changed on hypervisor hosts, and what was there before: a file of lines, each on disk before what it
// tells of is done. A last line that is not whole was not written: what it would have told of was not done.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "process/file_lock.h"

namespace offlab {

struct SavedSetting {
  std::string host;
  std::string key;
  std::int64_t was = 0;
  bool operator==(const SavedSetting&) const = default;
};

// A virtual machine of a host.
struct StoppedMachine {
  std::string host;
  std::string name;
  auto operator<=>(const StoppedMachine&) const = default;
};

class SettingsJournal {
 public:
  // Of the hosts behind one server; `file` says how they are reached, for people. Holds its lock until it is destroyed.
  // Throws Error that names `owner` of the one who has it.
  SettingsJournal(const std::filesystem::path& folder, const std::string& address, const std::string& owner,
                  const std::string& file = {});
  SettingsJournal(const SettingsJournal&) = delete;
  SettingsJournal& operator=(const SettingsJournal&) = delete;

  // In the order in which they were switched; each key of a host once, with what it had first.
  const std::vector<SavedSetting>& saved() const { return saved_; }
  // Hosts that may run with switched values since something was rebooted: what is stored there is not all.
  const std::set<std::string>& in_force() const { return in_force_; }
  // Virtual machines that offlab has stopped, and hosts that it has brought into maintenance mode.
  const std::set<StoppedMachine>& stopped() const { return stopped_; }
  const std::set<std::string>& in_maintenance() const { return in_maintenance_; }
  // Was it left in the middle: by a process that was killed?
  bool is_unfinished() const { return is_unfinished_; }
  // And since then nothing was done: what it asked for last may still be under way at the host.
  bool was_cut_off() const { return was_cut_off_; }
  bool is_empty() const { return saved_.empty() && in_force_.empty() && stopped_.empty() && in_maintenance_.empty(); }

  // On disk when they return. Begin before anything, save before a setting is switched (one that is saved already stays
  // as it is), finish when all are.
  void begin();
  void save(const SavedSetting& setting);
  void finish();
  // Before a reboot or a start that puts switched values into force; once one has put back what was.
  void reboots(const std::string& host);
  void is_as_it_was(const std::string& host);
  void stops(const StoppedMachine& machine);
  void started(const StoppedMachine& machine);
  void enters_maintenance(const std::string& host);
  void left_maintenance(const std::string& host);
  // It has its value again.
  void forget(const SavedSetting& setting);
  // Nothing is changed: the file goes away.
  void close();

 private:
  void read();
  void take(const nlohmann::json& line);
  void append(const std::string& line);

  std::string address_;
  std::string hosts_file_;
  std::filesystem::path file_;
  std::optional<FileLock> lock_;
  std::vector<SavedSetting> saved_;
  std::set<std::string> in_force_;
  std::set<StoppedMachine> stopped_;
  std::set<std::string> in_maintenance_;
  bool is_unfinished_ = false;
  bool was_cut_off_ = false;
};

// Hosts that are not as they were, and that nobody is at work on.
struct ChangedHosts {
  std::string address;
  std::string file;            // how they are reached; empty: not known
  bool is_unfinished = false;  // a process was killed; false: `offlab host lro set` ended
};
std::vector<ChangedHosts> changed_hosts(const std::filesystem::path& folder);

}  // namespace offlab
