#include "record/inspect_json.h"

#include <algorithm>

#include "record/clean_json.h"
#include "record/json_values.h"

namespace offlab {
namespace {

json link_to_json(const SurveyedLink& link, bool forwards) {
  json features = json::object();
  for (const auto& [name, feature] : link.features)
    features[name] = {{"on", feature.on}, {"fixed", feature.fixed}, {"requested_on", feature.requested_on}};
  return {{"name", link.name},     {"kind", link.kind},
          {"driver", link.driver}, {"mac", link.mac},
          {"mtu", link.mtu},       {"up", link.up},
          {"master", link.master}, {"lower", link.lower},
          {"vlan", link.vlan},     {"addresses", link.addresses},
          {"forwards", forwards},  {"features", std::move(features)}};
}

json row_to_json(const RiskRow& row) {
  json reasons = json::array();
  for (const RiskReason& one : row.reasons) reasons.push_back({{"nics", one.nics}, {"text", one.text}});
  return {{"hazards", row.hazards},        {"title", row.title}, {"risk", to_string(row.risk)},
          {"reasons", std::move(reasons)}, {"prove", row.prove}, {"mend", row.mend}};
}

}  // namespace

std::string inspect_json(const std::string& name, const MachineSurvey& survey, const std::vector<std::string>& nics,
                         const std::vector<RiskRow>& rows) {
  json links = json::array();
  for (const SurveyedLink& link : survey.links)
    links.push_back(link_to_json(link, std::find(nics.begin(), nics.end(), link.name) != nics.end()));
  json hazards = json::array();
  for (const RiskRow& row : rows) hazards.push_back(row_to_json(row));
  const json document = {{"schema", "offlab.inspect/1"},   {"machine", name},
                         {"risk", to_string(worst(rows))}, {"system", survey.system},
                         {"kernel", survey.kernel},        {"product", survey.product},
                         {"os", to_string(survey.kind)},   {"reservations", reservations(survey)},
                         {"links", std::move(links)},      {"rows", std::move(hazards)}};
  return clean_json(document).dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace offlab
