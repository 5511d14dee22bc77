#include "record/digests.h"

#include "base/digest.h"
#include "base/json.h"
#include "record/plan_json.h"

namespace offlab {
namespace {

using nlohmann::json;

// One case with the lab that it needs, without names.
std::string digest_of(LabPlan lab, const CasePlan& plan, const json& measure) {
  lab.name.clear();
  lab.cases = {plan};
  CasePlan& only = lab.cases.front();
  only.id.clear();
  only.folder.clear();
  only.digest.clear();
  only.axes.clear();
  only.expect = FaultClass::healthy;
  return sha256_hex(json{{"lab", lab_plan_to_json(lab)}, {"measure", measure}}.dump());
}

}  // namespace

RunPlan with_digests(RunPlan plan) {
  plan.digest.clear();
  const json measure = plan_to_json(plan).at("measure");
  std::string all;
  for (LabPlan& lab : plan.labs)
    for (CasePlan& one : lab.cases) all += one.digest = digest_of(lab, one, measure);
  plan.digest = sha256_hex(all);
  return plan;
}

}  // namespace offlab
