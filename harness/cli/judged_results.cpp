#include "cli/judged_results.h"

#include <fmt/core.h>

#include "base/clean_format.h"
#include "runner/annotate_findings.h"
#include "session/run_session.h"

namespace offlab {

void keep_reports(const RunResult& run, const RunFolder& judged, const std::optional<RunFolder>& named,
                  Terminal& terminal) {
  if (named)
    write_reports(run, *named);
  else if (judged.is_own())
    write_reports(run, judged);
  else
    terminal.text(
        clean_format("{} is not your own folder, so nothing is written there; --out FOLDER keeps run.json and "
                     "junit.xml\n",
                     judged.path().string()));
}

void keep_results(const RunResult& run, const RunFolder& judged, const std::optional<RunFolder>& named,
                  Terminal& terminal) {
  if (!named && judged.is_own())
    for (const CaseResult& one : run.cases) annotate_findings(one, judged);
  keep_reports(run, judged, named, terminal);
}

}  // namespace offlab
