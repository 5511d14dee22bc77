// KTAP, CTRF, GitHub's annotations, Markdown. ci/formats.sh reads them with programs of others.
#include "report/format.h"

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/json.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/markdown.h"
#include "sample_run.h"
#include "unit/golden.h"

namespace offlab {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::size_t count(const std::string& text, const std::string& piece) {
  std::size_t found = 0;
  for (auto at = text.find(piece); at != std::string::npos; at = text.find(piece, at + piece.size())) ++found;
  return found;
}

RunResult many_cases(std::size_t number) {
  RunResult run = sample_run();
  const CaseResult storm = run.cases[0];
  run.cases.assign(number, storm);
  for (std::size_t i = 0; i < number; ++i) run.cases[i].id = "case-" + std::to_string(i);
  return run;
}

class FormatIsPinned : public testing::TestWithParam<Format> {};

TEST_P(FormatIsPinned, InAFile) {
  for (const FormatRow& row : all_formats())
    if (row.format == GetParam()) {
      std::string text = formatted(sample_run(), row.format);
      if (row.format == Format::ctrf) {  // the program's version changes with each commit
        auto document = nlohmann::ordered_json::parse(text);
        document["results"]["tool"]["version"] = "VERSION";
        text = document.dump(1) + "\n";
      }
      expect_golden("format-" + std::string(row.name), text);
    }
}

INSTANTIATE_TEST_SUITE_P(All, FormatIsPinned,
                         testing::Values(Format::ktap, Format::ctrf, Format::github, Format::markdown));

TEST(Format, HasAName) {
  EXPECT_EQ(parse_format("junit"), Format::junit);
  EXPECT_EQ(parse_format("github-summary"), Format::github_summary);
  EXPECT_FALSE(parse_format("sarif"));
}

TEST(Ktap, HasALineForEachCaseAndNoDirectiveInAName) {
  RunResult run = sample_run();
  run.cases[0].id = "a # SKIP of mine\nok 99 forged";
  std::istringstream lines(formatted(run, Format::ktap));
  std::vector<std::string> results;
  for (std::string line; std::getline(lines, line);)
    if (line.rfind("ok ", 0) == 0 || line.rfind("not ok ", 0) == 0) results.push_back(line);
  ASSERT_EQ(results.size(), run.cases.size());
  EXPECT_EQ(results[0], "not ok 1 a _ SKIP of mine / ok 99 forged");
  EXPECT_EQ(results[3], "ok 4 virtio # SKIP virtio has no LRO");
}

TEST(Ctrf, CountsWhatCouldNotBeJudgedAsOther) {
  const auto document = nlohmann::json::parse(formatted(sample_run(), Format::ctrf));
  const auto& summary = document.at("results").at("summary");
  EXPECT_EQ(summary.at("passed"), 1);
  EXPECT_EQ(summary.at("failed"), 1);
  EXPECT_EQ(summary.at("skipped"), 1);
  EXPECT_EQ(summary.at("other"), 2);
  EXPECT_EQ(summary.at("start"), 1795502334000);
  EXPECT_EQ(summary.at("stop"), 1795502371050);
}

TEST(GitHub, AnnotatesNoMoreThanItShows) {
  const std::string text = github_annotations(many_cases(25));
  EXPECT_EQ(count(text, "::error "), most_annotations);
  EXPECT_THAT(text, HasSubstr("16 more cases"));
}

TEST(GitHub, NoTextBeginsACommandOfItsOwn) {
  RunResult run = many_cases(1);
  run.cases[0].id = "x\n::set-output name=a::b,c:d%";
  run.cases[0].findings[0].text = "y\n::add-mask::secret";
  std::istringstream lines(github_annotations(run));
  for (std::string line; std::getline(lines, line);) EXPECT_THAT(line, StartsWith("::error title="));
}

TEST(Markdown, StaysWithinItsLimitAndCountsTheRest) {
  const std::string text = markdown_run(many_cases(3000));
  EXPECT_LE(text.size(), largest_comment);
  EXPECT_THAT(text, HasSubstr("more cases are in run.json"));
  EXPECT_LE(formatted(many_cases(3000), Format::github_summary).size(), largest_summary);
}

TEST(Markdown, HostileTextIsCodeAndPingsNobody) {
  RunResult run = many_cases(1);
  run.cases[0].id = "@everyone <img src=x> `x` | y";
  run.cases[0].findings[0].text = "```\n# not a heading";
  const std::string text = markdown_run(run);
  EXPECT_THAT(text, HasSubstr("`` @everyone <img src=x> `x` \\| y ``"));
  EXPECT_THAT(text, HasSubstr("````text\n"));
}

TEST(Junit, CasesOfOneNameAreToldApart) {
  RunResult run = many_cases(3);
  for (CaseResult& one : run.cases) one.id = "same";
  const std::string text = junit_xml(run);
  EXPECT_EQ(count(text, "name=\"same\""), 1U);
  EXPECT_EQ(count(text, "name=\"same (2)\""), 1U);
  EXPECT_EQ(count(text, "name=\"same (3)\""), 1U);
}

TEST(Junit, NamesTheCapturesOfTheJudgedLeg) {
  RunResult run = many_cases(1);
  run.cases[0].leg = run.cases[0].folder + "/case";
  EXPECT_THAT(junit_xml(run), HasSubstr("[[ATTACHMENT|cases/01-hypervisor-lro/case/router-wan.pcapng]]"));
}

TEST(Junit, StaysWithinWhatServersRead) {
  RunResult run = many_cases(2000);
  for (CaseResult& one : run.cases) one.findings.assign(50, one.findings[0]);
  EXPECT_LE(junit_xml(run).size(), largest_junit);
}

}  // namespace
}  // namespace offlab
