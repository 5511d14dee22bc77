#include <algorithm>
#include <filesystem>

#include "base/usage_error.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "record/run_difference_json.h"
#include "report/run_diff.h"
#include "session/html_reports.h"
#include "verdict/compare_runs.h"

namespace offlab {
namespace {

constexpr int different_status = 1;

ComparedRun read_run(const std::string& folder) {
  const HtmlReport report = report_of_folder(folder);
  ComparedRun compared{.name = folder, .run = run_of_report(report)};
  if (!report.labs.empty()) {
    compared.run.host = report.labs.front().host;
    compared.run.image = report.labs.front().image;
  }
  compared.run.packages = report.packages;
  for (const ReportCase& one : report.cases) compared.settings.push_back(one.profile.settings);
  return compared;
}

ComparedCases cases_of(const DiffOptions& options, const RunResult& before) {
  ComparedCases cases;
  for (const std::string& text : options.cases) {
    // An id may have '=' itself: the whole text is tried first.
    const bool whole =
        std::any_of(before.cases.begin(), before.cases.end(), [&](const CaseResult& one) { return one.id == text; });
    const auto at = whole ? std::string::npos : text.find("::");
    if (at == std::string::npos)
      cases.emplace_back(text, text);
    else
      cases.emplace_back(text.substr(0, at), text.substr(at + 2));
  }
  return cases;
}

}  // namespace

int diff_command(const DiffOptions& options) {
  const RunDifference difference = as_usage([&] {
    const ComparedRun before = read_run(options.before);
    return compare_runs(before, read_run(options.after), cases_of(options, before.run));
  });
  Terminal terminal;
  if (options.json)
    terminal.document(run_difference_json(difference));
  else
    terminal.text(run_diff(difference));
  return have_same_verdicts(difference) ? 0 : different_status;
}

}  // namespace offlab
