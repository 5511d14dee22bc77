// What a history says of the case that a gate or a bisection asks about.
#pragma once

#include "campaign/case_history.h"
#include "cli/terminal.h"
#include "session/scenario_file.h"

namespace offlab {

class EarlierNights {
 public:
  // `file`: a history; empty: nothing is known. Throws UsageError for one that is not there.
  EarlierNights(const std::string& file, const LoadedScenario& loaded);
  CaseHistory of(const std::string& case_id) const;
  bool are_known() const { return !file_.empty(); }

 private:
  std::string file_;
  std::string file_digest_;
  std::vector<HistoryRow> rows_;
};

}  // namespace offlab
