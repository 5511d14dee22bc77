#include "bundle/expected.h"

#include <algorithm>
#include <array>

#include "base/error.h"
#include "base/json.h"
#include "base/parse_json.h"
#include "measure/counters.h"
#include "measure/sections.h"
#include "record/clean_json.h"

namespace offlab {
namespace {

using json = nlohmann::ordered_json;

constexpr const char* schema = "offlab.bundle/1";

// By their names in /proc/net/snmp and snmp6. Those that make a class matter in a comparison.
struct Row {
  const char* name;
  bool matters;
};
constexpr std::array rows = {Row{"Ip.FragFails", true},        Row{"Ip.FragCreates", true},
                             Row{"IcmpMsg.OutType3", false},   Row{"IcmpMsg.InType3", false},
                             Row{"Ip.ReasmReqds", false},      Row{"Ip6InTooBigErrors", true},
                             Row{"Icmp6OutPktTooBigs", false}, Row{"Icmp6InPktTooBigs", false},
                             Row{"Tcp.RetransSegs", false},    Row{"Tcp.InCsumErrors", false}};

json number_or_null(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}

std::optional<double> number_of(const json& value) {
  return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

Counters counters_of(const Snapshot& snapshot, const std::string& node) {
  Counters all;
  const auto text = snapshot.nodes.find(node);
  if (text == snapshot.nodes.end()) return all;
  const auto sections = parse_sections(text->second);
  const auto section = [&](const char* name) {
    const auto found = sections.find(name);
    return found == sections.end() ? std::string() : found->second;
  };
  all.merge(parse_paired_counters(section("/proc/net/snmp")));
  all.merge(parse_snmp6(section("/proc/net/snmp6")));
  return all;
}

Count growth_in(const LegObservation& leg, const std::string& node, const std::string& name) {
  return growth(counters_of(leg.before, node), counters_of(leg.after, node), name);
}

Expected expected_of(const json& document) {
  if (document.at("schema") != schema) throw Error(std::string("it has another schema than ") + schema);
  Expected expected;
  document.at("name").get_to(expected.name);
  document.at("case").get_to(expected.case_id);
  const auto fault = parse_fault_class(document.at("class").get<std::string>());
  if (!fault) throw Error("'" + document.at("class").get<std::string>() + "' is no class");
  expected.fault_class = *fault;
  document.at("offlab").get_to(expected.offlab);
  document.at("warmup_seconds").get_to(expected.warmup_seconds);
  expected.case_goodput_bps = number_of(document.at("goodput_bps").at("case"));
  expected.control_goodput_bps = number_of(document.at("goodput_bps").at("control"));
  for (const json& one : document.at("counters"))
    expected.counters.push_back({one.at("node").get<std::string>(), one.at("name").get<std::string>(),
                                 one.at("case").get<std::uint64_t>(), one.at("control").get<std::uint64_t>(),
                                 one.at("matters").get<bool>()});
  document.at("has_lab").get_to(expected.has_lab);
  document.at("imitates").get_to(expected.imitates);
  document.at("anonymised").get_to(expected.anonymised);
  return expected;
}

}  // namespace

std::string expected_json(const Expected& expected) {
  json counters = json::array();
  for (const ExpectedCounter& one : expected.counters)
    counters.push_back({{"node", one.node},
                        {"name", one.name},
                        {"case", one.in_case},
                        {"control", one.in_control},
                        {"matters", one.matters}});
  const json document = {{"schema", schema},
                         {"name", expected.name},
                         {"case", expected.case_id},
                         {"class", to_string(expected.fault_class)},
                         {"offlab", expected.offlab},
                         {"warmup_seconds", expected.warmup_seconds},
                         {"goodput_bps",
                          {{"case", number_or_null(expected.case_goodput_bps)},
                           {"control", number_or_null(expected.control_goodput_bps)}}},
                         {"counters", counters},
                         {"has_lab", expected.has_lab},
                         {"imitates", expected.imitates},
                         {"anonymised", expected.anonymised}};
  return clean_json(document).dump(1) + "\n";
}

Expected expected_from_json(std::string_view text) {
  try {
    check_json_size(text, "expected.json");
    return expected_of(json::parse(text));
  } catch (const json::exception& error) {
    throw Error(std::string("expected.json is damaged: ") + error.what());
  } catch (Error& error) {
    error.add_frame("expected.json is damaged");
    throw;
  }
}

std::vector<ExpectedCounter> grown_counters(const LegObservation& in_case, const LegObservation& in_control,
                                            const std::vector<std::string>& routers,
                                            const std::vector<std::string>& ends) {
  std::vector<ExpectedCounter> counters;
  const auto add = [&](const std::string& node, bool is_router) {
    for (const Row& row : rows) {
      const Count measured = growth_in(in_case, node, row.name);
      const Count control = growth_in(in_control, node, row.name);
      const bool matters = is_router && row.matters;
      if (!measured || !control || (*measured == 0 && *control == 0 && !matters)) continue;
      counters.push_back({node, row.name, *measured, *control, matters});
    }
  };
  for (const std::string& node : routers) add(node, true);
  for (const std::string& node : ends) add(node, false);
  return counters;
}

}  // namespace offlab
