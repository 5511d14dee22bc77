#include "survey/survey_reader.h"

#include <algorithm>
#include <array>
#include <regex>
#include <sstream>

#include <fmt/core.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "survey/freebsd_reader.h"
#include "survey/seen_machine.h"
#include "survey/words.h"

namespace offlab {
namespace {

constexpr std::size_t longest_line = 1000;       // std::regex takes stack for each character
constexpr std::size_t longest_json = 1'000'000;  // of one document
constexpr unsigned flag_up = 0x1;                // IFF_UP of <linux/if.h>

// Of `ip -d link`.
constexpr std::array<std::string_view, 20> kinds = {"bridge", "bond", "wireguard", "vxlan",  "geneve", "gre",  "gretap",
                                                    "ip6gre", "ipip", "sit",       "ip6tnl", "vti",    "vti6", "veth",
                                                    "tun",    "ppp",  "macvlan",   "ipvlan", "dummy",  "vrf"};

bool starts_with(const std::string& text, std::string_view beginning) {
  return text.compare(0, beginning.size(), beginning) == 0;
}

std::string text_at(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<unsigned> number_at(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_number_unsigned()) return std::nullopt;
  try {
    return found->get<unsigned>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

class SurveyReader {
 public:
  void read(const SurveyText& file) {
    nic_.clear();
    in_features_ = false;
    json_.clear();
    freebsd_.start();
    read_command(file.name);
    std::istringstream lines(file.text);
    for (std::string line; std::getline(lines, line);) read_line(line);
    settle_driver(file.name);
  }

  MachineSurvey take() {
    if (!machine_.is_known())
      throw Error("nothing in it is known", "`offlab inspect --script` prints what to run on the machine");
    if (!unnamed_driver_.empty())
      throw Error(fmt::format("a NIC has the driver {}, and which NIC it is cannot be told", unnamed_driver_),
                  "name the file after the NIC, or keep the line with the command: ethtool -i NIC");
    return std::move(machine_.survey);
  }

 private:
  void read_line(const std::string& line) {
    if (!json_.empty() || starts_with(line, "[{") || starts_with(line, "[ {")) {
      read_json_line(line);
      return;
    }
    if (line.size() > longest_line) return;
    if (read_command(line) || read_feature(line)) return;
    in_features_ = false;
    if (freebsd_.read(line)) return;
    if (read_own_link(line) || read_ip_link(line) || read_sysctl(line)) return;
    read_few(line);
  }

  // `ip -p -j` prints a document in many lines.
  void read_json_line(const std::string& line) {
    json_ += line + "\n";
    const std::string end = trimmed(line);
    const auto document = end.empty() || end.back() != ']' ? std::nullopt : try_parse_json(json_);
    if (!document) {
      if (json_.size() > longest_json) json_.clear();
      return;
    }
    json_.clear();
    if (!document->is_array()) return;
    for (const nlohmann::json& one : *document)
      if (one.is_object()) read_object(one);
  }

  void read_object(const nlohmann::json& object) {
    if (object.contains("dst") && object.contains("dev")) {
      if (text_at(object, "dst") == "default") machine_.add_default_route(text_at(object, "dev"));
      return;
    }
    const std::string name = text_at(object, "ifname");
    if (name.empty()) return;
    SurveyedLink& link = link_named(name);
    if (const auto mtu = number_at(object, "mtu")) link.mtu = mtu;
    if (const auto flags = object.find("flags"); flags != object.end() && flags->is_array())
      link.up = std::find(flags->begin(), flags->end(), "UP") != flags->end();
    if (const std::string mac = text_at(object, "address"); !mac.empty()) link.mac = mac;
    if (const std::string master = text_at(object, "master"); !master.empty()) link.master = master;
    if (const std::string lower = text_at(object, "link"); !lower.empty()) SeenMachine::add_lower(link, lower);
    if (const auto info = object.find("linkinfo"); info != object.end() && info->is_object()) {
      if (const std::string kind = text_at(*info, "info_kind"); !kind.empty()) link.kind = kind;
      if (const auto data = info->find("info_data"); link.kind == "vlan" && data != info->end() && data->is_object())
        link.vlan = number_at(*data, "id");
    }
    if (const auto list = object.find("addr_info"); list != object.end() && list->is_array())
      for (const nlohmann::json& one : *list)
        if (one.is_object() && text_at(one, "scope") == "global")
          if (const auto length = number_at(one, "prefixlen"))
            SeenMachine::add_address(link, fmt::format("{}/{}", text_at(one, "local"), *length));
    for (const auto& [key, state] : object.items()) {  // `ethtool --json -k`
      if (!state.is_object() || !state.contains("active") || !state.at("active").is_boolean()) continue;
      const auto is = [&, &value = state](const char* what) {
        return value.contains(what) && value.at(what).is_boolean() && value.at(what).template get<bool>();
      };
      link.features[key] = {is("active"), is("fixed"), is("requested") && !is("active")};
    }
  }

  // A prompt with a command on it, or the heading of a section.
  bool read_command(const std::string& line) {
    // With underscores it is the name of a file, as sosreport makes it.
    static const std::regex form(
        R"(ethtool[\s_]+(?:--json[\s_]+)?(-[ik]|--driver|--show-features|--show-offload)[\s_]+([^\s|;]+))");
    std::smatch found;
    if (!std::regex_search(line, found, form)) return false;
    nic_ = found[2];
    in_features_ = found[1] != "-i" && found[1] != "--driver";  // `| grep` may have taken the heading away
    return true;
  }

  bool read_feature(const std::string& line) {
    static const std::regex heading(R"((?:Features|Offload parameters) for (\S+?):?\s*)");
    static const std::regex form(
        R"(\s*([a-z0-9-]+): (on|off)(?: \[(fixed|requested on|requested off|not requested)\])?\s*)");
    std::smatch found;
    if (std::regex_match(line, found, heading)) {
      nic_ = found[1];
      in_features_ = true;
      link_named(nic_);
      return true;
    }
    if (!in_features_ || nic_.empty() || !std::regex_match(line, found, form)) return false;
    const bool on = found[2] == "on";
    link_named(nic_).features[found[1]] = {on, found[3] == "fixed", !on && found[3] == "requested on"};
    return true;
  }

  // Of survey_script().
  bool read_own_link(const std::string& line) {
    if (!starts_with(line, "link=")) return false;
    SurveyedLink* link = nullptr;
    for (const std::string& word : words_of(line)) {
      const auto equals = word.find('=');
      if (equals == std::string::npos || equals + 1 == word.size()) continue;
      const std::string key = word.substr(0, equals);
      const std::string value = word.substr(equals + 1);
      if (key == "link") link = &link_named(value);
      if (link == nullptr) continue;
      if (key == "mtu") link->mtu = number_of(value);
      if (key == "address") link->mac = value;
      if (key == "kind") link->kind = value;
      if (key == "master") link->master = value;
      if (key == "driver") link->driver = value;
      if (key == "virtio") link->virtio_features = value;
      if (key == "vlan") link->vlan = number_of(value);
      if (key == "lower") SeenMachine::add_lower(*link, value);
      if (const auto flags = number_of(value, 16); key == "flags" && flags) link->up = (*flags & flag_up) != 0;
    }
    return true;
  }

  // "2: ens192: <BROADCAST,UP> mtu 1500 ... master br0 ..." and what is indented below it.
  bool read_ip_link(const std::string& line) {
    static const std::regex form(R"(\s*\d+: ([^\s:@]+)(?:@([^\s:]+))?: <([A-Z0-9_,-]*)> (.*))");
    std::smatch found;
    if (std::regex_match(line, found, form)) {
      SurveyedLink& link = link_named(found[1]);
      ip_link_ = link.name;
      const std::string flags = "," + found[3].str() + ",";
      link.up = flags.find(",UP,") != std::string::npos;
      const std::vector<std::string> words = words_of(found[4]);
      if (const auto mtu = word_behind(words, "mtu")) link.mtu = number_of(*mtu);
      if (const auto master = word_behind(words, "master")) link.master = *master;
      if (found[2].matched && found[2] != "NONE") SeenMachine::add_lower(link, found[2]);
      return true;
    }
    if (ip_link_.empty() || line.empty() || (line[0] != ' ' && line[0] != '\t')) return false;
    SurveyedLink& link = link_named(ip_link_);
    const std::vector<std::string> words = words_of(line);
    if (words.empty()) return false;
    if (starts_with(words[0], "link/") && words.size() > 1) {
      link.mac = words[1];
    } else if ((words[0] == "inet" || words[0] == "inet6") && words.size() > 1 &&
               word_behind(words, "scope") == "global") {
      SeenMachine::add_address(link, words[1]);
    } else if (words[0] == "vlan") {
      link.kind = "vlan";
      if (const auto id = word_behind(words, "id")) link.vlan = number_of(*id);
    } else if (std::find(kinds.begin(), kinds.end(), words[0]) != kinds.end()) {
      link.kind = words[0];
    } else {
      return false;
    }
    return true;
  }

  // "net.ipv4.ip_forward = 1", "net/ipv4/conf/eth0.7/forwarding = 1".
  bool read_sysctl(const std::string& line) {
    static const std::regex form(R"(\s*net([./])ipv([46])[./](\S+?)\s*=\s*(\d+)\s*)");
    std::smatch found;
    if (!std::regex_match(line, found, form)) return false;
    const bool on = found[4] != "0";
    const std::string key = found[3];
    if (key == "ip_forward") {
      machine_.note_forwarding(on);
      return true;
    }
    const std::string separator = found[1];
    const std::string first = "conf" + separator;
    const std::string last = separator + "forwarding";
    if (!starts_with(key, first) || !key.ends_with(last) || key.size() <= first.size() + last.size()) return true;
    std::string name = key.substr(first.size(), key.size() - first.size() - last.size());
    if (name == "default") return true;
    if (separator == ".") std::replace(name.begin(), name.end(), '/', '.');  // sysctl(8) swaps them
    const bool ipv4 = found[2] == "4";
    if (name == "all") {
      if (!ipv4) machine_.note_forwarding(on);
      return true;
    }
    SurveyedLink& link = link_named(name);
    (ipv4 ? link.forwards_ipv4 : link.forwards_ipv6) = on;
    return true;
  }

  void read_few(const std::string& line) {
    static const std::regex route(R"(\s*default\s.*\bdev\s+(\S+).*)");
    std::smatch found;
    if (starts_with(line, "driver: ")) {
      const std::string driver = trimmed(line.substr(8));
      machine_.note_known();
      if (nic_.empty())
        unnamed_driver_ = driver;
      else
        link_named(nic_).driver = driver;
    } else if (starts_with(line, "PRETTY_NAME=")) {
      machine_.survey.system = trimmed(line.substr(12));
      std::erase(machine_.survey.system, '"');
    } else if (starts_with(line, "product: ")) {
      machine_.survey.product = trimmed(line.substr(9));
    } else if (starts_with(line, "Linux ")) {
      machine_.survey.kernel = trimmed(line);
    } else if (std::regex_match(line, found, route)) {
      machine_.add_default_route(found[1]);
    }
  }

  // Of a file without the command: its name may name the NIC, or there is only one.
  void settle_driver(const std::string& file) {
    if (unnamed_driver_.empty()) return;
    SurveyedLink* of = nullptr;
    for (SurveyedLink& link : machine_.survey.links) {
      const bool is_named = file.find(link.name) != std::string::npos;
      if (is_named && (of == nullptr || link.name.size() > of->name.size())) of = &link;
    }
    if (of == nullptr && machine_.survey.links.size() == 1) of = &machine_.survey.links.front();
    if (of == nullptr) return;
    of->driver = std::move(unnamed_driver_);
    unnamed_driver_.clear();
  }

  SurveyedLink& link_named(const std::string& name) { return machine_.link_named(name); }

  SeenMachine machine_;
  FreebsdReader freebsd_{machine_};
  std::string nic_;  // that the lines are about
  bool in_features_ = false;
  std::string ip_link_;
  std::string unnamed_driver_;
  std::string json_;  // as far as it came
};

}  // namespace

MachineSurvey read_survey(const std::vector<SurveyText>& texts) {
  SurveyReader reader;
  for (const SurveyText& one : texts) reader.read(one);
  return reader.take();
}

}  // namespace offlab
