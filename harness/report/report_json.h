// The data of report.html, for the page's script (page/report.js). Not a contract: run.json is.
#pragma once

#include "base/json.h"
#include "report/html_report.h"

namespace offlab {

// What the page shows of everything but the cases.
nlohmann::ordered_json report_head_json(const HtmlReport& report);
// A case without its charts. `topology`: its number among those of the page; -1: not known.
nlohmann::ordered_json report_case_json(const ReportCase& one, int topology);
nlohmann::ordered_json report_legs_json(const CaseProfile& profile);
nlohmann::ordered_json report_topology_json(const CasePicture& picture);

}  // namespace offlab
