#include "fake/fake_guest.h"

#include <algorithm>
#include <optional>
#include <sstream>

#include <fmt/format.h>

#include "measure/guest_features.h"
#include "measure/sections.h"
#include "model/offload.h"

namespace offlab {
namespace {

constexpr int not_ended = -1;

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

// "net.ipv4.ip_forward" -> its file.
std::string sysctl_file(std::string key) {
  std::replace(key.begin(), key.end(), '.', '/');
  return "/proc/sys/" + key;
}

bool is_keyword(const std::string& word) {
  static const std::set<std::string> words = {"do", "then", "else", "if", "while", "(", "exec", "!"};
  return words.count(word) != 0;
}

}  // namespace

FakeGuest::FakeGuest(std::string name)
    : name_(std::move(name)), shown_(&recorded_leg_files(Recording::healthy).before) {
  for (const auto& [where, text] : recorded_leg_files(Recording::healthy).baseline) {
    if (where.node != name_) continue;
    const std::string& interface = where.network;
    features_[interface] = text;
    files["/sys/class/net/" + interface + "/mtu"] = "1500";
  }
  files["/proc/sys/net/ipv4/ip_no_pmtu_disc"] = "0";
}

bool FakeGuest::active(const std::string& interface, const std::string& feature) const {
  return parse_guest_features(features_.at(interface)).at(feature).active;
}

// Groups in braces are skipped as a whole; what comes after one goes by the status before it.
CommandResult FakeGuest::run(const std::string& script) {
  CommandResult result{0, "", ""};
  int depth = 0;
  std::optional<int> skipped_at;
  for (const ShellCommand& whole : shell_commands(script)) {
    ShellCommand command = whole;
    auto& words = command.words;
    const bool unwanted = (command.join == ShellCommand::Join::if_ok && result.exit_status != 0) ||
                          (command.join == ShellCommand::Join::if_failed && result.exit_status == 0);
    if (unwanted && !skipped_at) skipped_at = depth;
    while (!words.empty() && (words[0] == "{" || is_keyword(words[0]))) {
      depth += words[0] == "{" ? 1 : 0;
      words.erase(words.begin());
    }
    const bool skipped = skipped_at.has_value();
    if (!words.empty() && words[0] == "}") {
      --depth;
      words.clear();
    }
    if (skipped_at && depth <= *skipped_at) skipped_at.reset();
    if (skipped || words.empty()) continue;
    if (words[0] == "exit") {
      if (words.size() > 1) result.exit_status = std::stoi(expanded(words[1]));
      return result;
    }
    if (words[0] == "s=$?")
      variables_["s"] = std::to_string(result.exit_status);
    else
      result.exit_status = execute(command, result);
  }
  return result;
}

int FakeGuest::execute(const ShellCommand& command, CommandResult& result) {
  const auto& words = command.words;
  if (fails.count(words[0]) != 0) return 1;
  if (words[0] == "echo") echo(words, command.output, result);
  if (words[0] == "read") return read(words, command.input);
  if (words[0] == "printf") return print(words, command.output, result);
  if (words[0] == "[") return test(words);
  if (words[0] == "ethtool") return ethtool(words);
  if (words[0] == "offlab-state") print_state(words, result);
  if (words[0] == "ip") ip(words);
  if (words[0] == "cat") {
    const auto file = files.find(words.at(1));
    if (file == files.end()) return 1;
    result.output += file->second + "\n";
  }
  if (words[0] == "sysctl") {
    const std::string& setting = words.back();
    files[sysctl_file(setting.substr(0, setting.find('=')))] = setting.substr(setting.find('=') + 1);
  }
  for (std::istringstream lines(command.here); words[0] == "ip" && lines;) {
    std::string line;
    if (std::getline(lines, line)) ip(words_of("ip " + line));
  }
  return 0;
}

void FakeGuest::echo(const std::vector<std::string>& words, const std::string& target, CommandResult& result) {
  std::string text;
  for (std::size_t i = 1; i < words.size(); ++i) text += (i == 1 ? "" : " ") + expanded(words[i]);
  if (target.empty())
    result.output += text + "\n";
  else if (target == "&2")
    result.errors += text + "\n";
  else if (target == "/dev/kmsg") {
    log_ = text;
    shown_ = &recorded_leg_files(recording_).before;
  } else
    files[target] = text;
}

// printf FORMAT WORD...: every %s is the next word.
int FakeGuest::print(const std::vector<std::string>& words, const std::string& target, CommandResult& result) {
  std::string text;
  std::size_t next = 2;
  for (std::size_t i = 0; i < words.at(1).size(); ++i) {
    const std::string two = words[1].substr(i, 2);
    if (two == "%s") text += next < words.size() ? expanded(words[next++]) : "";
    if (two == "\\n") text += "\n";
    if (two == "%s" || two == "\\n")
      ++i;
    else
      text += words[1][i];
  }
  if (target.empty()) result.output += text;
  if (target.empty()) return 0;
  if (read_only.count(target) != 0) return 1;
  files[target] = text.substr(0, text.rfind('\n'));
  return 0;
}

// [ -e FILE ], [ WORD = WORD ]
int FakeGuest::test(const std::vector<std::string>& words) const {
  if (words.size() < 4) return 1;
  if (words[1] == "-e") return files.count(words[2]) != 0 ? 0 : 1;
  return expanded(words[1]) == words[3] ? 0 : 1;
}

int FakeGuest::read(const std::vector<std::string>& words, const std::string& file) {
  const auto found = files.find(file);
  if (found == files.end()) return 1;
  const auto values = words_of(found->second);
  std::size_t value = 0;
  for (std::size_t i = 1; i < words.size(); ++i)
    if (words[i] != "-r") variables_[words[i]] = value < values.size() ? values[value++] : "";
  while (value < values.size()) variables_[words.back()] += " " + values[value++];
  return 0;
}

std::string FakeGuest::expanded(const std::string& word) const {
  if (word.empty() || word[0] != '$') return word;
  const auto found = variables_.find(word.substr(1));
  return found == variables_.end() ? "" : found->second;
}

// ethtool -K INTERFACE (FEATURE on|off)...
int FakeGuest::ethtool(const std::vector<std::string>& words) {
  bool done = true;
  for (std::size_t i = 3; i + 1 < words.size(); i += 2)
    done = switch_feature(words.at(2), canonical_feature(words[i]).value_or(words[i]), words[i + 1] == "on") && done;
  if (done) negotiates(words.at(2));
  return done ? 0 : 1;
}

bool FakeGuest::switch_feature(const std::string& interface, const std::string& feature, bool on) {
  std::string& text = features_.at(interface);
  const auto state = parse_guest_features(text);
  const auto found = state.find(feature);
  if (refuses.count({interface, feature}) != 0 || found == state.end() || found->second.fixed) return false;
  const auto value = text.find(": ", text.find("\"active\"", text.find('"' + feature + '"'))) + 2;
  text.replace(value, text.find(',', value) - value, on ? "true" : "false");
  return true;
}

// ip ... link set dev INTERFACE mtu BYTES ...
void FakeGuest::ip(const std::vector<std::string>& words) {
  const auto after = [&](const char* word) {
    const auto found = std::find(words.begin(), words.end(), word);
    return found == words.end() || found + 1 == words.end() ? std::string() : *(found + 1);
  };
  if (!after("mtu").empty()) set_mtu(after("dev"), after("mtu"));
}

void FakeGuest::set_mtu(const std::string& interface, const std::string& bytes) {
  files["/sys/class/net/" + interface + "/mtu"] = bytes;
  negotiates(interface);
}

// offlab-state [-d] [-l MARK] [-s NIC | NIC]...
void FakeGuest::print_state(const std::vector<std::string>& words, CommandResult& result) {
  const auto sections = parse_sections(shown_->nodes.at(name_));
  const auto print = [&](const std::string& name, const std::string& text) {
    result.output += fmt::format("==> {} <==\n{}{}", name, text, text.empty() || text.back() == '\n' ? "" : "\n");
  };
  for (const char* counters : {"/proc/net/snmp", "/proc/net/snmp6", "/proc/net/netstat"})
    print(counters, sections.at(counters));
  bool with_log = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "-d") continue;
    if (words[i] == "-l") {
      with_log = true;
      ++i;
      continue;
    }
    const bool statistics = words[i] == "-s";
    const std::string& interface = words.at(statistics ? ++i : i);
    const auto known = features_.find(interface);
    if (known == features_.end()) continue;
    print("ethtool -k " + interface, known->second);
    if (statistics) print("ethtool -S " + interface, sections.at("ethtool -S " + interface));
    print("mtu " + interface, mtu(interface));
  }
  print("ip_forward", sections.at("ip_forward"));
  print("ipv6_forwarding", sections.at("ipv6_forwarding"));
  if (with_log) print("kernel log", fmt::format("[    8.196430] {}", log_));
  print("end", "");
}

}  // namespace offlab
