#include "runner/annotate_findings.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"

namespace offlab {
namespace {

bool is_wanted(const FrameComments& comments, std::uint64_t number, const std::string& text) {
  const auto [begin, end] = comments.equal_range(number);
  return std::none_of(begin, end, [&](const auto& known) { return known.second == text; });
}

}  // namespace

std::map<std::string, FrameComments> comments_of(const std::vector<Finding>& findings) {
  std::map<std::string, FrameComments> points;
  for (const Finding& finding : findings) {
    if (finding.outcome != Outcome::fail && !finding.warning) continue;
    for (const EvidenceFrame& frame : finding.frames) {
      const std::string text =
          frame.comment.empty() ? fmt::format("{}: {}", to_string(finding.invariant), frame.text) : frame.comment;
      if (is_wanted(points[frame.point], frame.number, text)) points[frame.point].emplace(frame.number, text);
    }
  }
  return points;
}

void annotate_findings(const CaseResult& result, const RunFolder& folder) {
  for (const auto& [point, comments] : comments_of(result.findings)) try {
      annotate_capture(folder.path(), std::filesystem::path(result.leg) / (point + ".pcapng"), comments);
    } catch (const Error&) {
      continue;
    }
}

}  // namespace offlab
