// A night on one page, and nights side by side.
#pragma once

#include <string>
#include <vector>

#include "model/history.h"
#include "model/night_report.h"

namespace offlab {

// `folder`: where the evidence is.
std::string night_page(const NightReport& report, const std::string& folder);

// One line for each case of each part and host: its last nights as signs, how often it passed, its level. `only`: parts
// of case ids; empty: all.
std::string history_table(const std::vector<HistoryRow>& rows, const std::vector<Alarm>& alarms,
                          const std::vector<Acknowledgement>& acknowledged, const std::string& only);

// One case: a line for each night, with its share of the control's goodput as a bar.
std::string history_chart(const std::vector<HistoryRow>& rows, const std::vector<Alarm>& alarms,
                          const std::string& case_id);

}  // namespace offlab
