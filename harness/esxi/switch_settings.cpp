#include "esxi/switch_settings.h"

#include <fmt/ranges.h>

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

// What the user has to do by hand is worth more than the first failure.
[[noreturn]] void fail(const Error& error, const std::vector<std::string>& left) {
  if (left.empty()) throw Error(fmt::format("{}; the others have what they had", error.what()), error.remedy());
  throw Error(fmt::format("{}; not brought back: {}", error.what(), fmt::join(left, "; ")),
              "`offlab host lro restore` tries it again");
}

}  // namespace

void switch_settings(HostSettings& settings, SettingsJournal& journal, const std::vector<std::string>& keys,
                     std::int64_t value, const std::stop_token& stop, const SettingListener& listener) {
  journal.begin();
  try {
    for (const std::string& host : settings.hosts())
      for (const EsxiSetting& one : settings.read(host, keys)) {
        if (stop.stop_requested()) throw Interrupted();
        if (!one.value || *one.value == value) continue;
        journal.save({host, one.key, *one.value});
        write_and_read_back(settings, host, one.key, value);
        listener(host, one.key, *one.value, value);
      }
  } catch (const Interrupted&) {
    const auto left = restore_settings(settings, journal, listener);
    if (!left.empty()) fail(Error("interrupted"), left);
    throw;
  } catch (const Error& error) {
    fail(error, restore_settings(settings, journal, listener));
  }
  if (journal.saved().empty())
    journal.close();
  else
    journal.finish();
}

std::vector<std::string> restore_settings(HostSettings& settings, SettingsJournal& journal,
                                          const SettingListener& listener) {
  std::vector<std::string> left;
  const std::vector<SavedSetting> saved(journal.saved().rbegin(), journal.saved().rend());
  if (saved.empty()) journal.close();
  for (const SavedSetting& one : saved) try {
      const std::int64_t now = value_of(settings, one.host, one.key);
      if (now != one.was) {
        write_and_read_back(settings, one.host, one.key, one.was);
        listener(one.host, one.key, now, one.was);
      }
      journal.forget(one);
    } catch (const Error& error) {
      left.push_back(fmt::format("{} = {} ({})", one.key, one.was, error.what()));
    }
  return left;
}

}  // namespace offlab
