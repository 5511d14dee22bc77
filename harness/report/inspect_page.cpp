#include "report/inspect_page.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/clean_format.h"
#include "model/offload.h"

namespace offlab {
namespace {

const char* heading(Risk risk) {
  switch (risk) {
    case Risk::at_risk:
      return "AT RISK";
    case Risk::depends_on_hypervisor:
      return "DEPENDS ON THE HYPERVISOR";
    case Risk::cannot_tell:
      return "CANNOT TELL";
    case Risk::safe:
      return "SAFE";
  }
  return "?";
}

std::string feature_words(const SurveyedLink& link, std::string_view feature, const char* word) {
  const auto found = link.features.find(std::string(feature));
  if (found == link.features.end()) return fmt::format("{} not seen", word);
  return fmt::format("{} {}{}", word, found->second.on ? "on" : "off",
                     found->second.requested_on ? " [requested on]" : "");
}

std::string nic_line(const SurveyedLink& link, SystemKind kind) {
  std::vector<std::string> offloads = {feature_words(link, feature_lro, "LRO")};
  if (kind != SystemKind::freebsd) offloads.push_back(feature_words(link, "generic-receive-offload", "GRO"));
  offloads.push_back(feature_words(link, "tcp-segmentation-offload", "TSO"));
  return clean_format("  {:<12} {:<12} MTU {:<6} {}\n", link.name, link.driver.empty() ? "driver ?" : link.driver,
                      link.mtu ? std::to_string(*link.mtu) : "?", fmt::format("{}", fmt::join(offloads, ", ")));
}

std::string machine_line(const std::string& name, const MachineSurvey& survey) {
  std::vector<std::string> about;
  for (const std::string& one : {survey.system, survey.kernel, survey.product})
    if (!one.empty()) about.push_back(one);
  return clean_format("{}{}\n", name, about.empty() ? "" : fmt::format(" ({})", fmt::join(about, "; ")));
}

std::string commands(const char* what, const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += clean_format("      {:<6} {}\n", what, line);
  return text;
}

std::string row_words(const RiskRow& row) {
  std::string text = clean_format("  {}: {}\n", row.hazards, row.title);
  for (const RiskReason& one : row.reasons)
    text +=
        clean_format("      {}{}\n", one.nics.empty() ? "" : fmt::format("{}: ", fmt::join(one.nics, ", ")), one.text);
  return text + commands("prove", row.prove) + commands("fix", row.mend);
}

std::string answer(const std::vector<RiskRow>& rows) {
  switch (worst(rows)) {
    case Risk::at_risk:
      return "This machine is at risk as it is.\n";
    case Risk::depends_on_hypervisor:
      return "Nothing in this machine is wrong. Whether it is at risk depends on the hypervisor.\n";
    case Risk::cannot_tell:
      return "What was seen is not enough to tell whether it is at risk.\n";
    case Risk::safe:
      return "No hazard that offlab knows was found.\n";
  }
  return "";
}

}  // namespace

std::string inspect_page(const std::string& name, const MachineSurvey& survey, const std::vector<std::string>& nics,
                         const std::vector<RiskRow>& rows) {
  std::string text = machine_line(name, survey);
  for (const std::string& nic : nics) text += nic_line(*find_link(survey, nic), survey.kind);
  for (const std::string& one : reservations(survey)) text += clean_format("  note: {}\n", one);
  for (const Risk risk : {Risk::at_risk, Risk::depends_on_hypervisor, Risk::cannot_tell, Risk::safe}) {
    std::string section;
    for (const RiskRow& row : rows)
      if (row.risk == risk) section += row_words(row);
    if (!section.empty()) text += clean_format("\n{}\n", heading(risk)) + section;
  }
  return text + "\n" + answer(rows);
}

}  // namespace offlab
