// Settings of hosts are switched one at a time, and get back what they had.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "esxi/settings_journal.h"
#include "port/host_settings.h"

namespace offlab {

// Told of each setting that has another value now.
using SettingListener =
    std::function<void(const std::string& host, const std::string& key, std::int64_t was, std::int64_t now)>;

// Each key of each host that has it, one at a time: what it had is in the journal before, and what it has is read back.
// Gives the hosts where something was switched. Throws Error where one cannot be switched, and Interrupted; what was
// switched until then stays, for restore_settings.
std::set<std::string> switch_settings(HostSettings& settings, SettingsJournal& journal,
                                      const std::vector<std::string>& keys, std::int64_t value,
                                      const std::stop_token& stop, const SettingListener& listener);

// What the journal has, the last one first. Gives what could not be brought back, with why; it stays in the journal.
std::vector<std::string> restore_settings(HostSettings& settings, SettingsJournal& journal,
                                          const SettingListener& listener);

}  // namespace offlab
