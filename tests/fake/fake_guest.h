// A guest's system: what the lab's scripts can switch and read. It prints what real guests printed (recorded_guests.h),
// with the state that it has now.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "fake/recorded_guests.h"
#include "fake/shell_words.h"
#include "port/node_shell.h"

namespace offlab {

class FakeGuest {
 public:
  // `name`: one of the recorded guests.
  explicit FakeGuest(std::string name);

  std::set<std::pair<std::string, std::string>> refuses;  // interface, canonical feature: ethtool -K fails
  std::set<std::string> fails;                            // commands that exit 1, by their first word
  std::map<std::string, std::string> files;               // content by path, of what scripts write and read
  std::set<std::string> read_only;                        // files that take nothing
  // The guest did something that makes QEMU set the offload word of the interface's tap.
  std::function<void(const std::string& interface)> negotiates = [](const std::string&) {};

  // Whose counters it shows: those before the transfer from the mark in its kernel log on, those after it at its end.
  void play(Recording recording) { recording_ = recording; }
  // Its kernel prints a line.
  void complain(const std::string& text) { log_ += "\n[   12.000000] " + text; }
  void end_transfer() { shown_ = &recorded_leg_files(recording_).after; }
  bool active(const std::string& interface, const std::string& feature) const;
  std::string mtu(const std::string& interface) const { return files.at("/sys/class/net/" + interface + "/mtu"); }

  // Commands that it does not know succeed and print nothing.
  CommandResult run(const std::string& script);

 private:
  int execute(const ShellCommand& command, CommandResult& result);
  int ethtool(const std::vector<std::string>& words);
  bool switch_feature(const std::string& interface, const std::string& feature, bool on);
  void ip(const std::vector<std::string>& words);
  void set_mtu(const std::string& interface, const std::string& bytes);
  int read(const std::vector<std::string>& words, const std::string& file);
  void echo(const std::vector<std::string>& words, const std::string& target, CommandResult& result);
  int print(const std::vector<std::string>& words, const std::string& target, CommandResult& result);
  int test(const std::vector<std::string>& words) const;
  void print_state(const std::vector<std::string>& words, CommandResult& result);
  std::string expanded(const std::string& word) const;

  std::string name_;
  Recording recording_ = Recording::healthy;
  const Snapshot* shown_;
  std::map<std::string, std::string> features_;  // interface -> `ethtool --json -k`
  std::map<std::string, std::string> variables_;
  std::string log_;
};

}  // namespace offlab
