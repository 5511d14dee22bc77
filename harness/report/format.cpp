#include "report/format.h"

#include "report/ctrf.h"
#include "report/github.h"
#include "report/junit.h"
#include "report/ktap.h"
#include "report/markdown.h"

namespace offlab {

const std::vector<FormatRow>& all_formats() {
  static const std::vector<FormatRow> formats = {
      {Format::junit, "junit", "JUnit XML, as GitLab and Jenkins read it"},
      {Format::ktap, "ktap", "KTAP version 1, the kernel's Test Anything Protocol"},
      {Format::ctrf, "ctrf", "CTRF, the Common Test Report Format (JSON)"},
      {Format::github, "github", "annotations of a GitHub Actions step, 10 of a kind at most"},
      {Format::github_summary, "github-summary", "summary of a GitHub Actions step, 1 MiB at most"},
      {Format::markdown, "markdown", "comment for a merge request, 65,000 bytes at most"},
  };
  return formats;
}

std::optional<Format> parse_format(std::string_view name) {
  for (const FormatRow& row : all_formats())
    if (row.name == name) return row.format;
  return std::nullopt;
}

std::string formatted(const RunResult& run, Format format) {
  switch (format) {
    case Format::junit:
      return junit_xml(run);
    case Format::ktap:
      return ktap(run);
    case Format::ctrf:
      return ctrf_json(run);
    case Format::github:
      return github_annotations(run);
    case Format::github_summary:
      return markdown_run(run, largest_summary);
    case Format::markdown:
      return markdown_run(run);
  }
  return "";
}

}  // namespace offlab
