#include "measure/counters.h"

#include <charconv>
#include <sstream>

#include "base/error.h"

namespace offlab {
namespace {

// Nothing for what is no number of 64 bits.
Count parse_count(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "Ip: Forwarding DefaultTTL" and "Ip: 1 64": false when the second line does not belong to the first.
bool read_pair(const std::string& names, const std::string& values, Counters& counters) {
  std::istringstream name_words(names);
  std::istringstream value_words(values);
  std::string group, group_again, name, value;
  if (!(name_words >> group) || !(value_words >> group_again) || group != group_again || group.back() != ':')
    return false;
  group.back() = '.';
  while (name_words >> name && value_words >> value)
    if (const auto number = parse_count(value)) counters[group + name] = *number;
  return true;
}

}  // namespace

Counters parse_paired_counters(const std::string& text) {
  Counters counters;
  std::istringstream lines(text);
  for (std::string names, values; std::getline(lines, names) && std::getline(lines, values);)
    if (!read_pair(names, values, counters)) break;
  return counters;
}

Counters parse_snmp6(const std::string& text) {
  Counters counters;
  std::istringstream lines(text);
  std::string name;
  for (std::uint64_t value = 0; lines >> name >> value;) counters[name] = value;
  return counters;
}

Counters parse_counter_text(const std::string& text) {
  Counters counters;
  std::istringstream lines(text);
  std::string before;
  for (std::string line; std::getline(lines, line);) {
    if (read_pair(before, line, counters)) {
      before.clear();
      continue;
    }
    std::istringstream words(line);
    std::string name, value, more;
    if (words >> name >> value && !(words >> more) && name.back() != ':')
      if (const auto number = parse_count(value)) counters[name] = *number;
    before = std::move(line);
  }
  if (counters.empty()) throw Error("there is no counter in it", "cat /proc/net/snmp /proc/net/snmp6 > FILE");
  return counters;
}

Count growth(const Counters& before, const Counters& after, const std::string& name) {
  // IcmpMsg lists only message types that were seen; Icmp, the group it refines, tells that the file was read.
  const bool lazily_listed = name.rfind("IcmpMsg.", 0) == 0;
  const auto value = [&](const Counters& counters) -> Count {
    const auto found = counters.find(name);
    if (found != counters.end()) return found->second;
    if (lazily_listed && counters.count("Icmp.InMsgs") != 0) return 0;
    return std::nullopt;
  };
  const Count first = value(before);
  const Count last = value(after);
  if (!first || !last || *last < *first) return std::nullopt;
  return *last - *first;
}

}  // namespace offlab
