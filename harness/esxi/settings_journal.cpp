#include "esxi/settings_journal.h"

#include <algorithm>
#include <fstream>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/handle.h"
#include "base/new_file.h"
#include "base/parse_json.h"
#include "base/read_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* format_name = "offlab.host-settings/1";

// An address may have signs that a file's name must not have.
std::string file_name(const std::string& address) {
  return sha256_hex(address).substr(0, 16);
}

void put_in(std::set<std::string>& hosts, const std::string& host, bool is_in) {
  if (is_in)
    hosts.insert(host);
  else
    hosts.erase(host);
}

std::string first_line(const fs::path& file) {
  std::string line;
  std::getline(std::ifstream(file), line);
  return line;
}

}  // namespace

SettingsJournal::SettingsJournal(const fs::path& folder, const std::string& address, const std::string& owner,
                                 const std::string& file)
    : address_(address), hosts_file_(file), file_(folder / (file_name(address) + ".jsonl")) {
  fs::create_directories(folder);
  const fs::path lock = folder / (file_name(address) + ".lock");
  lock_ = FileLock::try_make(lock);
  if (!lock_)
    throw Error(fmt::format("the settings of {} are in use by {}", address, first_line(lock)),
                "wait until it has ended");
  std::ofstream(lock, std::ios::trunc) << owner << "\n" << std::flush;
  read();
}

void SettingsJournal::read() {
  if (!fs::exists(file_)) return;
  const std::string text = read_whole_file(file_);
  std::size_t begin = 0;
  for (auto end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    const json line = parse_json(text.substr(begin, end - begin), file_.string());
    try {
      if (begin == 0) {
        if (line.at("format") != format_name) throw Error(file_.string() + " is of another format");
      } else {
        take(line);
      }
    } catch (const json::exception& error) {
      throw Error(fmt::format("{} is damaged: {}", file_.string(), error.what()),
                  "look at the settings of the host, and remove the file");
    }
  }
  if (is_empty()) is_unfinished_ = false;
  was_cut_off_ = is_unfinished_;
  if (begin < text.size()) fs::resize_file(file_, begin);  // a line that was not written to its end
}

void SettingsJournal::take(const json& line) {
  const std::string host = line.value("host", "");
  if (line.contains("was")) {
    saved_.push_back({host, line.at("key"), line.at("was")});
  } else if (line.contains("restored")) {
    std::erase_if(saved_, [&](const SavedSetting& one) { return one.host == host && one.key == line.at("restored"); });
  } else if (line.contains("in_force")) {
    put_in(in_force_, host, line.at("in_force"));
  } else if (line.contains("maintenance")) {
    put_in(in_maintenance_, host, line.at("maintenance"));
  } else if (line.contains("stopped")) {
    stopped_.insert({host, line.at("stopped")});
  } else if (line.contains("started")) {
    stopped_.erase({host, line.at("started")});
  } else {
    is_unfinished_ = line.contains("begun");
  }
}

void SettingsJournal::append(const std::string& line) {
  was_cut_off_ = false;
  const UniqueFd file(open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  const std::string text = line + "\n";
  if (!file || write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw system_error("writing " + file_.string());
  if (fsync(file.get()) != 0) throw system_error("writing " + file_.string());
  sync_to_disk(file_.parent_path());
}

void SettingsJournal::begin() {
  is_unfinished_ = true;
  // Who only looks writes nothing; a process that was killed may leave an empty file.
  if (!fs::exists(file_) || fs::is_empty(file_))
    append(json{{"format", format_name}, {"address", address_}, {"file", hosts_file_}}.dump());
  append(json{{"begun", true}}.dump());
}

void SettingsJournal::save(const SavedSetting& setting) {
  const auto is_it = [&](const SavedSetting& one) { return one.host == setting.host && one.key == setting.key; };
  if (std::any_of(saved_.begin(), saved_.end(), is_it)) return;
  saved_.push_back(setting);
  append(json{{"host", setting.host}, {"key", setting.key}, {"was", setting.was}}.dump());
}

void SettingsJournal::finish() {
  is_unfinished_ = false;
  append(json{{"finished", true}}.dump());
}

void SettingsJournal::forget(const SavedSetting& setting) {
  append(json{{"host", setting.host}, {"restored", setting.key}}.dump());
  std::erase(saved_, setting);
}

void SettingsJournal::reboots(const std::string& host) {
  if (in_force_.insert(host).second) append(json{{"host", host}, {"in_force", true}}.dump());
}

void SettingsJournal::is_as_it_was(const std::string& host) {
  if (in_force_.erase(host) != 0) append(json{{"host", host}, {"in_force", false}}.dump());
}

void SettingsJournal::stops(const StoppedMachine& machine) {
  stopped_.insert(machine);
  append(json{{"host", machine.host}, {"stopped", machine.name}}.dump());
}

void SettingsJournal::started(const StoppedMachine& machine) {
  stopped_.erase(machine);
  append(json{{"host", machine.host}, {"started", machine.name}}.dump());
}

void SettingsJournal::enters_maintenance(const std::string& host) {
  in_maintenance_.insert(host);
  append(json{{"host", host}, {"maintenance", true}}.dump());
}

void SettingsJournal::left_maintenance(const std::string& host) {
  in_maintenance_.erase(host);
  append(json{{"host", host}, {"maintenance", false}}.dump());
}

void SettingsJournal::close() {
  is_unfinished_ = false;
  std::error_code ignored;
  fs::remove(file_, ignored);
}

std::vector<ChangedHosts> changed_hosts(const fs::path& folder) {
  std::vector<ChangedHosts> changed;
  if (!fs::exists(folder)) return changed;
  for (const auto& entry : fs::directory_iterator(folder)) try {
      if (entry.path().extension() != ".jsonl") continue;
      const json head = parse_json(first_line(entry.path()), entry.path().string());
      const std::string address = head.value("address", "");
      const SettingsJournal journal(folder, address, "offlab put-back");
      if (!journal.is_empty()) changed.push_back({address, head.value("file", ""), journal.is_unfinished()});
    } catch (const Error&) {
      continue;  // somebody is at work there, or nothing was done yet
    }
  return changed;
}

}  // namespace offlab
