#include "record/earlier_plan.h"

#include <nlohmann/json.hpp>

namespace offlab {
namespace {

using nlohmann::json;

// What was added while the version stayed 3, as it was before that.
void add_missing(json& object, const json& earlier) {
  for (const auto& [key, value] : earlier.items())
    if (!object.contains(key)) object[key] = value;
}

// A NIC had its network's name in the guest.
void upgrade_intent(json& intent) {
  add_missing(intent, {{"early_stop", false}, {"throughput_floor", 0.5}, {"integrity_bytes", 0}});
  for (json& wanted : intent.at("features"))
    wanted["nic"] = {{"node", wanted.at("node")}, {"network", wanted.at("interface")}};
  intent["nics"] = json::array();
  for (const json& wanted : intent.at("mtus"))
    intent["nics"].push_back({{"nic", {{"node", wanted.at("node")}, {"network", wanted.at("interface")}}},
                              {"device", wanted.at("interface")},
                              {"mtu", wanted.at("mtu")}});
}

}  // namespace

void upgrade_lab_3(json& lab) {
  for (json& node : lab.at("nodes"))
    for (json& nic : node.at("nics")) nic["device"] = nic.at("network");
  for (json& one : lab.at("cases"))
    for (json& leg : one.at("legs")) {
      add_missing(leg, {{"round", 1}});
      upgrade_intent(leg.at("intent"));
    }
}

void upgrade_plan_3(json& plan) {
  add_missing(plan.at("measure"), {{"early_stop", false}, {"rounds", 1}, {"integrity_bytes", 0}});
  for (json& lab : plan.at("labs")) upgrade_lab_3(lab);
}

}  // namespace offlab
