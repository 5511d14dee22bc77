#include "runner/annotate_findings.h"

#include <algorithm>
#include <map>

#include <fmt/core.h>

#include "base/error.h"
#include "capture/annotate_capture.h"

namespace offlab {
namespace {

bool is_wanted(const FrameComments& comments, std::uint64_t number, const std::string& text) {
  const auto [begin, end] = comments.equal_range(number);
  return std::none_of(begin, end, [&](const auto& known) { return known.second == text; });
}

}  // namespace

void annotate_findings(const CaseResult& result, const RunFolder& folder) {
  std::map<std::string, FrameComments> points;
  for (const Finding& finding : result.findings) {
    if (finding.outcome != Outcome::fail && !finding.warning) continue;
    for (const EvidenceFrame& frame : finding.frames) {
      const std::string text =
          frame.comment.empty() ? fmt::format("{}: {}", to_string(finding.invariant), frame.text) : frame.comment;
      if (is_wanted(points[frame.point], frame.number, text)) points[frame.point].emplace(frame.number, text);
    }
  }
  for (const auto& [point, comments] : points) try {
      annotate_capture(folder.path(), std::filesystem::path(result.leg) / (point + ".pcapng"), comments);
    } catch (const Error&) {
      continue;
    }
}

}  // namespace offlab
