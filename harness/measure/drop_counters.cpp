#include "measure/drop_counters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>

#include <fmt/core.h>

#include "base/clean_text.h"
#include "base/parse_json.h"

namespace offlab {
namespace {

struct Counted {
  DropKind kind = DropKind::kernel;
  std::uint64_t packets = 0;
  std::optional<double> rate_bps = {};
};
using Counts = std::map<std::string, Counted>;  // by what it is
using json = nlohmann::json;
using Sections = std::map<std::string, std::string>;

constexpr std::string_view filter_section = "tc -s -j filter show dev ";

std::string text_of(const Sections& sections, const std::string& name) {
  const auto found = sections.find(name);
  return found == sections.end() ? std::string() : found->second;
}

void add(Counts& counts, DropKind kind, const std::string& what, std::uint64_t packets) {
  Counted& counted = counts[what];
  counted.kind = kind;
  counted.packets += packets;
}

// What a guest says may be anything.
std::string word_of(const json& object, const char* key) {
  constexpr std::size_t longest = 64;
  const bool is_text = object.is_object() && object.contains(key) && object.at(key).is_string();
  return is_text ? clean_line(object.at(key).get<std::string>().substr(0, longest)) : "?";
}

std::uint64_t number_of(const json& object, const char* key) {
  const bool is_number = object.is_object() && object.contains(key) && object.at(key).is_number_unsigned();
  return is_number ? object.at(key).get<std::uint64_t>() : 0;
}

// Null when there is no such object or list.
const json* part_of(const json& object, const char* key) {
  return object.is_object() && object.contains(key) ? &object.at(key) : nullptr;
}

// A qdisc that holds back says so in bytes a second.
std::optional<double> rate_of(const json& options) {
  for (const char* key : {"rate", "bandwidth"}) {
    const json* value = part_of(options, key);
    if (value == nullptr) continue;
    const json* inner = part_of(*value, "rate");
    const json& number = inner == nullptr ? *value : *inner;
    if (number.is_number()) return number.get<double>() * 8;
  }
  return std::nullopt;
}

void add_qdiscs(const Sections& sections, Counts& counts) {
  const auto all = try_parse_json(text_of(sections, "tc -s -j qdisc show"));
  if (!all || !all->is_array()) return;
  for (const auto& one : *all) {
    const std::string what =
        fmt::format("qdisc {} {} on {}", word_of(one, "kind"), word_of(one, "handle"), word_of(one, "dev"));
    const json* options = part_of(one, "options");
    counts[what] = {DropKind::queue, number_of(one, "drops"), options == nullptr ? std::nullopt : rate_of(*options)};
  }
}

void add_filters(const Sections& sections, Counts& counts) {
  for (const auto& [name, text] : sections) {
    if (name.rfind(filter_section, 0) != 0) continue;
    const std::string device =
        name.substr(filter_section.size(), name.find(' ', filter_section.size()) - filter_section.size());
    const auto all = try_parse_json(text);
    if (!all || !all->is_array()) continue;
    for (const auto& filter : *all) {
      const json* options = part_of(filter, "options");
      const json* actions = options == nullptr ? nullptr : part_of(*options, "actions");
      if (actions == nullptr || !actions->is_array()) continue;
      for (const auto& action : *actions)
        if (const json* statistics = part_of(action, "stats"))
          add(counts, DropKind::policer,
              fmt::format("tc {} on what comes in at {}", word_of(action, "kind"), clean_line(device)),
              number_of(*statistics, "drops"));
    }
  }
}

void add_nft(const Sections& sections, Counts& counts) {
  const auto all = try_parse_json(text_of(sections, "nft -j list ruleset"));
  const json* list = all ? part_of(*all, "nftables") : nullptr;
  if (list == nullptr || !list->is_array()) return;
  for (const auto& one : *list) {
    const json* found = part_of(one, "rule");
    const json* parts = found == nullptr ? nullptr : part_of(*found, "expr");
    if (parts == nullptr || !parts->is_array()) continue;
    const json& rule = *found;
    std::optional<std::uint64_t> packets;
    bool drops = false;
    for (const auto& part : *parts) {
      if (const json* counter = part_of(part, "counter")) packets = number_of(*counter, "packets");
      drops = drops || part_of(part, "drop") != nullptr || part_of(part, "reject") != nullptr;
    }
    if (packets && drops)
      add(counts, DropKind::rule,
          fmt::format("rule {} of nft chain {} {} {}", number_of(rule, "handle"), word_of(rule, "family"),
                      word_of(rule, "table"), word_of(rule, "chain")),
          *packets);
  }
}

// Lines of iptables-save -c: "[312:468000] -A FORWARD -p tcp -j DROP".
void add_iptables(const Sections& sections, Counts& counts) {
  std::istringstream lines(text_of(sections, "iptables-save -c"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() != '[') continue;
    if (line.find("-j DROP") == std::string::npos && line.find("-j REJECT") == std::string::npos) continue;
    std::uint64_t packets = 0;
    std::from_chars(line.data() + 1, line.data() + line.size(), packets);
    const std::size_t rule = line.find("] ");
    if (rule != std::string::npos)
      add(counts, DropKind::rule, fmt::format("iptables {}", clean_line(line.substr(rule + 2))), packets);
  }
}

// Hexadecimal numbers in columns, a line for each CPU; the sum of a column.
std::optional<std::uint64_t> sum_of_column(const std::string& text, std::size_t column, bool has_names) {
  std::istringstream lines(text);
  std::string line;
  if (has_names) std::getline(lines, line);
  std::optional<std::uint64_t> sum;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::string word;
    for (std::size_t i = 0; i <= column; ++i)
      if (!(words >> word)) return sum;
    std::uint64_t value = 0;
    std::from_chars(word.data(), word.data() + word.size(), value, 16);
    sum = sum.value_or(0) + value;
  }
  return sum;
}

void add_conntrack(const Sections& sections, Counts& counts) {
  const std::string text = text_of(sections, "/proc/net/stat/nf_conntrack");
  std::istringstream names(text.substr(0, text.find('\n')));
  std::size_t column = 0;
  for (std::string name; names >> name; ++column)
    for (const std::string_view bad : {"drop", "early_drop", "insert_failed", "invalid"})
      if (name == bad)
        if (const auto sum = sum_of_column(text, column, true))
          add(counts, DropKind::table, fmt::format("connection tracking ({})", name), *sum);
}

void add_backlog(const Sections& sections, Counts& counts) {
  constexpr std::size_t dropped = 1;  // net/core/net-procfs.c
  if (const auto sum = sum_of_column(text_of(sections, "/proc/net/softnet_stat"), dropped, false))
    add(counts, DropKind::receive_queue, "the receive backlog (softnet)", *sum);
}

// From the tracepoint's format: { 7, "NETFILTER_DROP" }.
std::map<std::uint64_t, std::string> reasons_of(const std::string& format) {
  std::map<std::uint64_t, std::string> reasons;
  for (std::size_t at = 0; (at = format.find("{ ", at)) != std::string::npos; at += 2) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(format.data() + at + 2, format.data() + format.size(), number);
    const auto quote = static_cast<std::size_t>(end - format.data());
    if (error != std::errc() || format.compare(quote, 3, ", \"") != 0) continue;
    const std::size_t close = format.find('"', quote + 3);
    if (close != std::string::npos) reasons[number] = format.substr(quote + 3, close - quote - 3);
  }
  return reasons;
}

// Buffers that are freed in the ordinary course of things, too.
bool is_ordinary(std::string_view symbol, std::string_view reason) {
  if (reason == "NOT_SPECIFIED" || reason == "NO_SOCKET") return true;
  constexpr std::array words = {std::string_view("unix_"), std::string_view("netlink"),    std::string_view("icmp"),
                                std::string_view("arp_"),  std::string_view("packet_rcv"), std::string_view("tcp_"),
                                std::string_view("igmp"),  std::string_view("mld")};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return symbol.find(word) != std::string_view::npos; });
}

// "{ location: [ffffffffc029c54f] nft_do_chain [nf_tables] , reason: 7 } hitcount: 7"
void add_kernel(const Sections& sections, const std::map<std::uint64_t, std::string>& reasons, Counts& counts) {
  std::istringstream lines(text_of(sections, "kfree_skb histogram"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string brace;
    std::string key;
    std::string address;
    std::string symbol;
    if (!(words >> brace >> key >> address >> symbol) || brace != "{" || key != "location:") continue;
    const auto number_behind = [&](std::string_view name) -> std::optional<std::uint64_t> {
      std::size_t at = line.find(name);
      if (at == std::string::npos) return std::nullopt;
      at = line.find_first_not_of(' ', at + name.size());
      std::uint64_t value = 0;
      if (at == std::string::npos ||
          std::from_chars(line.data() + at, line.data() + line.size(), value).ec != std::errc())
        return std::nullopt;
      return value;
    };
    const auto hits = number_behind("hitcount:");
    const auto reason = number_behind("reason:");
    const auto known = reason ? reasons.find(*reason) : reasons.end();
    const std::string word = known == reasons.end() ? std::string() : known->second;
    if (!hits || is_ordinary(symbol, word)) continue;
    add(counts, DropKind::kernel,
        fmt::format("the kernel in {}(){}", clean_line(symbol),
                    word.empty() ? "" : fmt::format(", {}", clean_line(word))),
        *hits);
  }
}

Counts counts_of(const Sections& sections, const std::map<std::uint64_t, std::string>& reasons) {
  Counts counts;
  add_qdiscs(sections, counts);
  add_filters(sections, counts);
  add_nft(sections, counts);
  add_iptables(sections, counts);
  add_conntrack(sections, counts);
  add_backlog(sections, counts);
  add_kernel(sections, reasons, counts);
  return counts;
}

}  // namespace

std::vector<DropCounter> grown_drops(const Sections& before, const Sections& after) {
  const auto reasons = reasons_of(text_of(after, "kfree_skb reasons"));
  const Counts first = counts_of(before, reasons);
  std::vector<DropCounter> drops;
  for (const auto& [what, counted] : counts_of(after, reasons)) {
    const auto known = first.find(what);
    const std::uint64_t from = known == first.end() ? 0 : known->second.packets;
    if (counted.packets > from) drops.push_back({what, counted.packets - from, counted.kind, counted.rate_bps});
  }
  std::stable_sort(drops.begin(), drops.end(),
                   [](const DropCounter& a, const DropCounter& b) { return a.packets > b.packets; });
  return drops;
}

}  // namespace offlab
