#include "esxi/switch_settings.h"

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

std::int64_t value_of(HostSettings& settings, const std::string& host, const std::string& key) {
  const EsxiSetting setting = settings.read(host, {key}).front();
  if (!setting.value) throw Error(fmt::format("{}: {} is not present", host, key));
  return *setting.value;
}

void write_and_read_back(HostSettings& settings, const std::string& host, const std::string& key, std::int64_t value) {
  settings.write(host, key, value);
  const std::int64_t now = value_of(settings, host, key);
  if (now != value) throw Error(fmt::format("{}: {} is {} after it was set to {}", host, key, now, value));
}

// What the host has counts more than what it said.
void bring_back(HostSettings& settings, const SavedSetting& one) {
  try {
    write_and_read_back(settings, one.host, one.key, one.was);
  } catch (const Error&) {
    if (value_of(settings, one.host, one.key) != one.was) throw;
  }
}

}  // namespace

std::set<std::string> switch_settings(HostSettings& settings, SettingsJournal& journal,
                                      const std::vector<std::string>& keys, std::int64_t value,
                                      const std::stop_token& stop, const SettingListener& listener) {
  std::set<std::string> switched;
  for (const std::string& host : settings.hosts())
    for (const EsxiSetting& one : settings.read(host, keys)) {
      if (stop.stop_requested()) throw Interrupted();
      if (!one.value || *one.value == value) continue;
      journal.save({host, one.key, *one.value});
      write_and_read_back(settings, host, one.key, value);
      listener(host, one.key, *one.value, value);
      switched.insert(host);
    }
  return switched;
}

std::vector<std::string> restore_settings(HostSettings& settings, SettingsJournal& journal,
                                          const SettingListener& listener) {
  std::vector<std::string> left;
  const std::vector<SavedSetting> saved(journal.saved().rbegin(), journal.saved().rend());
  for (const SavedSetting& one : saved) try {
      const std::int64_t now = value_of(settings, one.host, one.key);
      if (now != one.was) {
        bring_back(settings, one);
        listener(one.host, one.key, now, one.was);
      }
      journal.forget(one);
    } catch (const Error& error) {
      left.push_back(fmt::format("{} = {} ({})", one.key, one.was, error.what()));
    }
  return left;
}

}  // namespace offlab
