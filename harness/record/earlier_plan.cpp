#include "record/earlier_plan.h"

#include "base/json.h"

namespace offlab {
namespace {

using nlohmann::json;

// What was added while the version stayed 3, as it was before that.
void add_missing(json& object, const json& earlier) {
  for (const auto& [key, value] : earlier.items())
    if (!object.contains(key)) object[key] = value;
}

// All labs were like that.
const json& all_observable() {
  static const json all = {
      {"captures", {"host", "wire"}}, {"tap_states", true}, {"samples", true}, {"guest_counters", true}};
  return all;
}

// A NIC had its network's name in the guest.
void upgrade_intent(json& intent) {
  add_missing(intent, {{"early_stop", false}, {"throughput_floor", 0.5}, {"integrity_bytes", 0}});
  intent["values"] = json::array();
  intent["observable"] = all_observable();
  for (json& wanted : intent.at("features"))
    wanted["nic"] = {{"node", wanted.at("node")}, {"network", wanted.at("interface")}};
  intent["nics"] = json::array();
  for (const json& wanted : intent.at("mtus"))
    intent["nics"].push_back({{"nic", {{"node", wanted.at("node")}, {"network", wanted.at("interface")}}},
                              {"device", wanted.at("interface")},
                              {"mtu", wanted.at("mtu")}});
  for (json& hop : intent.at("hops")) {
    const auto point = [&](const json& id, const char* side) {
      return json{{"id", id}, {"node", hop.at("hop").at("router")}, {"side", side}};
    };
    hop["ingress"] = point(hop.at("ingress_tap"), "host");
    hop["egress"] = point(hop.at("egress_tap"), "host");
    hop["wire"] = hop.at("wire").get<std::string>().empty() ? json() : point(hop.at("wire"), "wire");
  }
}

// Points were named by their interfaces alone; all of them are at the hops.
void upgrade_steps(json& steps, const json& hops) {
  for (json& step : steps) {
    if (step.at("step") == "take-snapshot") step["guests"] = step["taps"] = true;
    if (step.at("step") == "apply-settings")
      for (json& node : step.at("nodes")) node["values"] = json::array();
    if (step.at("step") != "start-capture") continue;
    step["targets"] = json::array();
    for (const json& target : step.at("points"))
      for (const json& hop : hops)
        for (const char* at : {"ingress", "egress", "wire"})
          if (!hop.at(at).is_null() && hop.at(at).at("id") == target.at("tap"))
            step["targets"].push_back(
                {{"point", hop.at(at)}, {"interface", target.at("tap")}, {"description", target.at("description")}});
  }
}

}  // namespace

void upgrade_lab_3(json& lab) {
  lab["observable"] = all_observable();
  for (json& node : lab.at("nodes"))
    for (json& nic : node.at("nics")) nic["device"] = nic.at("network");
  for (json& one : lab.at("cases"))
    for (json& leg : one.at("legs")) {
      add_missing(leg, {{"round", 1}});
      upgrade_intent(leg.at("intent"));
      upgrade_steps(leg.at("steps"), leg.at("intent").at("hops"));
    }
}

void upgrade_plan_3(json& plan) {
  add_missing(plan.at("measure"), {{"early_stop", false}, {"rounds", 1}, {"integrity_bytes", 0}});
  for (json& lab : plan.at("labs")) upgrade_lab_3(lab);
}

}  // namespace offlab
