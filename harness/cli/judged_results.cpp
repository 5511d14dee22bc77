#include "cli/judged_results.h"

#include <fmt/core.h>

#include "base/clean_format.h"
#include "runner/annotate_findings.h"
#include "runner/case_profile.h"
#include "session/run_session.h"

namespace offlab {

void keep_reports(const RunResult& run, const RunFolder& judged, const std::optional<RunFolder>& named,
                  Terminal& terminal, const std::string& kind) {
  if (named && named->path() != judged.path())
    write_reports_apart(run, *named, kind);
  else if (named || judged.is_own())
    write_reports(run, judged, kind);
  else
    terminal.text(
        clean_format("{} is not your own folder, so nothing is written there; --out FOLDER keeps run.json, "
                     "junit.xml and report.html\n",
                     judged.path().string()));
}

void keep_results(const RunResult& run, const RunPlan& plan, const RunFolder& judged,
                  const std::optional<RunFolder>& named, Terminal& terminal) {
  if (!named && judged.is_own())
    for (const CaseResult& one : run.cases) annotate_findings(one, judged);
  if (named || judged.is_own())
    for (const CaseResult& one : run.cases) keep_profile(one, plan, judged, named ? *named : judged);
  keep_reports(run, judged, named, terminal);
}

}  // namespace offlab
