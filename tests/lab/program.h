// offlab as a user starts it: a process with a command line, an exit status and output.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/json.h"

namespace offlab::test {

// A folder that is removed at the end of the test.
class ScratchFolder {
 public:
  ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder();
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// A running offlab. Its destructor kills it.
class Program {
 public:
  // `arguments` without the program; `prefix` goes before it ("unshare", "--mount", ...).
  explicit Program(const std::vector<std::string>& arguments, const std::vector<std::string>& prefix = {},
                   const std::vector<std::string>& environment = {});
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;
  ~Program();

  // The exit status, 128 + signal when it was killed; nothing when it is still running after `limit`.
  std::optional<int> wait(std::chrono::seconds limit);
  void signal(int number) const;
  std::string output() const;  // stdout and stderr, in the order in which they came

  // Every process that it has started, by whatever way, and that still runs.
  std::vector<pid_t> descendants() const;
  // The descendant whose command line contains `words`; -1 when there is none.
  pid_t find(const std::string& words) const;
  // Waits until `condition` holds; false after `limit`, or when the program ended.
  bool until(std::chrono::seconds limit, const std::function<bool()>& condition);

 private:
  bool ended();

  ScratchFolder folder_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

// Waits until `condition` holds; false after `limit`.
bool eventually(std::chrono::seconds limit, const std::function<bool()>& condition);

// Every process that this one has started, by whatever way, and that still runs.
std::vector<pid_t> descendants_of(pid_t process);

// Those of `processes` that still run after a grace of two seconds.
std::vector<pid_t> survivors(const std::vector<pid_t>& processes);

// What a lab must not leave behind on the host: interfaces, named namespaces and mounts, as text to compare.
std::string host_state();

nlohmann::json read_json(const std::filesystem::path& file);
std::string read_text(const std::filesystem::path& file);

// run.json's case with this id; fails the test when there is none.
nlohmann::json find_case(const nlohmann::json& run, const std::string& id);

// Has an event of this kind, with this step, been written?
bool has_event(const std::filesystem::path& run_folder, const std::string& words);

}  // namespace offlab::test
