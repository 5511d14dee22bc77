#include "measure/counters.h"

#include <sstream>

namespace offlab {

Counters parse_paired_counters(const std::string& text) {
  Counters counters;
  std::istringstream lines(text);
  for (std::string names, values; std::getline(lines, names) && std::getline(lines, values);) {
    std::istringstream name_words(names);
    std::istringstream value_words(values);
    std::string group, group_again, name, value;
    if (!(name_words >> group) || !(value_words >> group_again) || group != group_again || group.back() != ':') break;
    group.back() = '.';
    while (name_words >> name && value_words >> value)
      if (value.find_first_not_of("0123456789") == std::string::npos) counters[group + name] = std::stoull(value);
  }
  return counters;
}

Counters parse_snmp6(const std::string& text) {
  Counters counters;
  std::istringstream lines(text);
  std::string name;
  for (std::uint64_t value = 0; lines >> name >> value;) counters[name] = value;
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
