#include "model/machine_survey.h"

#include <algorithm>

namespace offlab {

const SurveyedLink* find_link(const MachineSurvey& survey, const std::string& name) {
  const auto found = std::find_if(survey.links.begin(), survey.links.end(),
                                  [&](const SurveyedLink& link) { return link.name == name; });
  return found == survey.links.end() ? nullptr : &*found;
}

std::vector<std::string> reservations(const MachineSurvey& survey) {
  if (survey.kind != SystemKind::freebsd) return {};
  return {
      "not tried on a real FreeBSD: what is said of it comes from its documentation, its sources and public bug "
      "reports"};
}

}  // namespace offlab
