#include "report/suite.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "report/console.h"
#include "report/html_report.h"

namespace offlab {
namespace {

constexpr int mistaken_status = 2;

CaseResult case_of_suite(CaseResult one, const std::string& member) {
  one.id = fmt::format("{}/{}", member, one.id);
  if (!one.lab.lab.empty()) one.lab.lab = fmt::format("{}/{}", member, one.lab.lab);
  return in_folder(std::move(one), member);
}

CaseResult case_without_run(const SuiteMember& member) {
  return {
      member.name, {}, Outcome::error, Outcome::error, std::nullopt, FaultClass::healthy, member.trouble, {}, {}, {},
      {},          ""};
}

void add_run(RunResult& suite, const RunResult& run, const std::string& member) {
  for (const CaseResult& one : run.cases) suite.cases.push_back(case_of_suite(one, member));
  suite.host = run.host;
  for (LabHost lab : run.labs) {
    lab.lab.lab = fmt::format("{}/{}", member, lab.lab.lab);
    suite.labs.push_back(std::move(lab));
  }
  suite.image.insert(run.image.begin(), run.image.end());
  suite.packages.insert(run.packages.begin(), run.packages.end());
  if (suite.started.empty()) suite.started = run.started;
  suite.seconds += run.seconds;
}

// "a/b" at its first slash; a member without a run has no case.
std::pair<std::string, std::string> file_and_case(const std::string& id) {
  const auto slash = id.find('/');
  if (slash == std::string::npos) return {clean_line(id), "-"};
  return {clean_line(id.substr(0, slash)), clean_line(id.substr(slash + 1))};
}

std::string found_text(const CaseResult& one) {
  if (one.fault_class) return std::string(to_string(*one.fault_class));
  return std::string(to_string(one.forwarding));
}

}  // namespace

RunResult suite_result(const std::string& name, const std::vector<SuiteMember>& members) {
  RunResult suite{.outcome = Outcome::inconclusive, .question = Question::as_expected, .name = name};
  for (const SuiteMember& member : members)
    if (member.run)
      add_run(suite, *member.run, member.name);
    else
      suite.cases.push_back(case_without_run(member));
  std::vector<Outcome> outcomes;
  for (const CaseResult& one : suite.cases) outcomes.push_back(one.outcome);
  suite.outcome = combine(outcomes);
  return suite;
}

int suite_exit_code(const std::vector<SuiteMember>& members) {
  const Outcome outcome = suite_result("", members).outcome;
  const bool mistaken = std::any_of(members.begin(), members.end(), [](const SuiteMember& m) { return m.mistaken; });
  return mistaken && outcome != Outcome::fail ? mistaken_status : exit_code(outcome);
}

std::string console_suite(const RunResult& suite, const std::string& folder) {
  std::size_t files = 4;
  std::size_t cases = 4;
  for (const CaseResult& one : suite.cases) {
    const auto [file, name] = file_and_case(one.id);
    files = std::max(files, file.size());
    cases = std::max(cases, name.size());
  }
  std::string text = clean_format("\n{:<{}}  {:<{}}  {:<22}  {:<22}  {}\n", "file", files, "case", cases, "expected",
                                  "found", "outcome");
  for (const CaseResult& one : suite.cases) {
    const auto [file, name] = file_and_case(one.id);
    text += clean_format("{:<{}}  {:<{}}  {:<22}  {:<22}  {}\n", file, files, name, cases,
                         name == "-" ? "-" : to_string(one.expect), found_text(one), to_string(one.outcome));
  }
  const auto passed = std::count_if(suite.cases.begin(), suite.cases.end(),
                                    [](const CaseResult& one) { return one.outcome == Outcome::pass; });
  std::string outcome(to_string(suite.outcome));
  std::transform(outcome.begin(), outcome.end(), outcome.begin(),
                 [](char c) { return static_cast<char>(std::toupper(c)); });
  text += clean_format("\n{}: is every case as its file expects? {} ({} of {} cases)\n", suite.name, outcome, passed,
                       suite.cases.size());
  return text + where_evidence_is(folder, suite.cases);
}

}  // namespace offlab
