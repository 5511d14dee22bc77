#include "survey/freebsd_reader.h"

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>

#include <fmt/core.h>

#include "model/offload.h"
#include "survey/words.h"

namespace offlab {
namespace {

struct KindRow {
  std::string_view word;  // a name without its number, or a group of ifconfig's "groups:"
  const char* kind;
};
constexpr std::array kinds = {
    KindRow{"lo", "loopback"},   KindRow{"enc", "enc"},          KindRow{"pflog", "pflog"},
    KindRow{"usbus", "usbus"},   KindRow{"ipfw", "ipfw"},        KindRow{"ipfwlog", "ipfw"},
    KindRow{"pfsync", "pfsync"}, KindRow{"vlan", "vlan"},        KindRow{"bridge", "bridge"},
    KindRow{"lagg", "lagg"},     KindRow{"wg", "wireguard"},     KindRow{"tun", "tun"},
    KindRow{"tap", "tun"},       KindRow{"tun_wg", "wireguard"}, KindRow{"wireguard", "wireguard"},
    KindRow{"ovpn", "tun"},      KindRow{"ovpns", "tun"},        KindRow{"ovpnc", "tun"},
    KindRow{"openvpn", "tun"},   KindRow{"gif", "gif"},          KindRow{"gre", "gre"},
    KindRow{"stf", "sit"},       KindRow{"ipsec", "ipsec"},      KindRow{"vxlan", "vxlan"},
    KindRow{"epair", "veth"},    KindRow{"ppp", "ppp"},          KindRow{"pppoe", "ppp"},
    KindRow{"ng", "ppp"},        KindRow{"wlan", "wlan"}};

// Of ifconfig's "options=", and what `ethtool -k` calls the same.
struct OptionRow {
  std::string_view option;
  std::string_view feature;
};
constexpr std::array options_known = {OptionRow{"LRO", feature_lro},
                                      OptionRow{"TSO4", "tx-tcp-segmentation"},
                                      OptionRow{"TSO6", "tx-tcp6-segmentation"},
                                      OptionRow{"RXCSUM", "rx-checksumming"},
                                      OptionRow{"TXCSUM", "tx-checksumming"},
                                      OptionRow{"VLAN_HWTAGGING", "rx-vlan-offload"}};

const char* kind_of(std::string_view word) {
  for (const KindRow& row : kinds)
    if (row.word == word) return row.kind;
  return "";
}

// "vmx" of "vmx0"; "" of a name that is not a word and a number.
std::string without_number(const std::string& name) {
  const auto last = name.find_last_not_of("0123456789");
  if (last == std::string::npos || last + 1 == name.size()) return "";
  return name.substr(0, last + 1);
}

bool is_driver(const std::string& word) {
  return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") == std::string::npos;
}

bool has_word(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    if (list.substr(0, comma) == word) return true;
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
  return false;
}

// "14.1-RELEASE-p4"; a sentence that begins with FreeBSD has none.
bool is_release(const std::string& word) {
  return word.find_first_of("0123456789") == 0 && word.find('.') != std::string::npos &&
         word.find('-') != std::string::npos;
}

// "0xffffff00" is 24.
std::optional<int> length_of(const std::string& netmask) {
  const auto bits = number_of(netmask, 16);
  if (!bits) return std::nullopt;
  return std::popcount(*bits);
}

}  // namespace

bool FreebsdReader::read(const std::string& line) {
  return read_link(line) || read_system(line) || read_about_link(line);
}

// "vmx0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> metric 0 mtu 1500"
bool FreebsdReader::read_link(const std::string& line) {
  const std::string text = trimmed(line);
  const auto colon = text.find(": flags=");
  if (colon == std::string::npos) return false;
  link_.clear();
  const std::string name = text.substr(0, colon);
  const auto begin = text.find('<', colon);
  const auto end = text.find('>', colon);
  if (name.empty() || name.find_first_of(" \t") != std::string::npos || end == std::string::npos || begin > end)
    return false;
  const auto words = words_of(text.substr(end + 1));
  if (words.size() < 4 || words[0] != "metric" || words[2] != "mtu" || !number_of(words[3])) return false;
  link_ = name;
  machine_.survey.kind = SystemKind::freebsd;
  SurveyedLink& seen = link_by_name(name);
  seen.mtu = number_of(words[3]);
  seen.up = has_word(std::string_view(text).substr(begin + 1, end - begin - 1), "UP");
  return true;
}

bool FreebsdReader::read_system(const std::string& line) {
  if (line.starts_with("FreeBSD ")) {
    link_.clear();
    const auto words = words_of(line);  // `uname -a` has the machine's name before the release
    const auto release = std::find_if(words.begin(), words.end(), is_release);
    if (release == words.end() || release - words.begin() > 2) return false;
    machine_.survey.kernel = "FreeBSD " + *release;
    machine_.survey.kind = SystemKind::freebsd;
    return true;
  }
  const std::string text = trimmed(line);
  const auto separator = text.find_first_of(":= ");
  if (separator == std::string::npos) return false;
  const std::string name = text.substr(0, separator);
  const auto value = text.find_first_not_of(":= ", separator);
  if (value == std::string::npos) return false;
  if (name == "net.inet.ip.forwarding" || name == "net.inet6.ip6.forwarding") {
    const auto arrow = text.rfind("-> ");  // it was switched: "0 -> 1"
    const auto words = words_of(text.substr(arrow == std::string::npos ? value : arrow + 3));
    if (words.empty() || !number_of(words[0])) return false;
    machine_.note_forwarding(words[0] != "0");
    return true;
  }
  if (name != "kern.vm_guest") return false;
  machine_.note_known();
  machine_.survey.hypervisor = text.substr(value);
  return true;
}

bool FreebsdReader::read_about_link(const std::string& line) {
  if (link_.empty()) return false;
  const auto words = words_of(line);
  if (words.empty()) {
    link_.clear();
    return false;
  }
  const std::string second = words.size() > 1 ? words[1] : "";
  if (words[0].starts_with("options=")) {
    read_options(words[0]);
  } else if (words[0] == "ether" && !second.empty()) {
    link().mac = second;
  } else if (words[0] == "inet" || words[0] == "inet6") {
    read_address(words);
  } else if (words[0] == "drivername:" && link().kind.empty()) {
    if (const std::string driver = without_number(second); is_driver(driver)) link().driver = driver;
  } else if (words[0] == "groups:") {
    for (const std::string& group : words)
      if (const char* kind = kind_of(group); *kind != '\0') set_kind(kind);
  } else if (words[0] == "vlan:") {
    set_kind("vlan");
    link().vlan = number_of(second);
    if (const auto parent = word_behind(words, "interface:"); parent && *parent != "<none>") add_lower(*parent);
  } else if (words[0] == "laggport:" && !second.empty()) {
    set_kind("lagg");
    add_lower(second);
    link_by_name(second).master = link_;
  } else if (words[0] == "member:" && !second.empty()) {
    set_kind("bridge");
    link_by_name(second).master = link_;
  } else {
    return line[0] == ' ' || line[0] == '\t';
  }
  return true;
}

// "options=4c07bb<RXCSUM,TXCSUM,LRO>", or "options=0". It says what is on; a line that was cut off says no more.
void FreebsdReader::read_options(const std::string& options) {
  SurveyedLink& seen = link();
  const auto begin = options.find('<');
  const bool is_whole = begin == std::string::npos || options.back() == '>';
  std::string_view list = begin == std::string::npos ? std::string_view() : std::string_view(options).substr(begin + 1);
  if (is_whole && !list.empty()) list.remove_suffix(1);
  for (const OptionRow& row : options_known) {
    const bool on = has_word(list, row.option);
    if (on || is_whole) seen.features[std::string(row.feature)] = {.on = on};
  }
  const bool segments = has_word(list, "TSO4") || has_word(list, "TSO6");
  if (segments || is_whole) seen.features["tcp-segmentation-offload"] = {.on = segments};
}

// "inet 192.0.2.1 netmask 0xffffff00", "inet6 2001:db8::1 prefixlen 64"; a link's own addresses are left out.
void FreebsdReader::read_address(const std::vector<std::string>& words) {
  if (words.size() < 2 || words[1].find('%') != std::string::npos) return;
  if (words[1].find('/') != std::string::npos) {
    SeenMachine::add_address(link(), words[1]);
  } else if (const auto length = word_behind(words, "prefixlen")) {
    SeenMachine::add_address(link(), fmt::format("{}/{}", words[1], *length));
  } else if (const auto netmask = word_behind(words, "netmask")) {
    if (const auto bits = length_of(*netmask)) SeenMachine::add_address(link(), fmt::format("{}/{}", words[1], *bits));
  }
}

SurveyedLink& FreebsdReader::link_by_name(const std::string& name) {
  SurveyedLink& seen = machine_.link_named(name);
  const std::string word = without_number(name);
  if (!seen.kind.empty() || !seen.driver.empty()) return seen;
  seen.kind = kind_of(word);
  if (seen.kind.empty() && is_driver(word)) seen.driver = word;
  return seen;
}

void FreebsdReader::add_lower(const std::string& lower) {
  link_by_name(lower);
  SeenMachine::add_lower(link(), lower);
}

// What is no NIC has no driver, whatever its name seemed to say.
void FreebsdReader::set_kind(const std::string& kind) {
  link().kind = kind;
  link().driver.clear();
}

}  // namespace offlab
