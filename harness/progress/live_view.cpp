#include "progress/live_view.h"

#include <algorithm>
#include <cmath>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "progress/columns.h"
#include "progress/sparkline.h"

namespace offlab {
namespace {

constexpr std::size_t spark_columns = 16;
constexpr const char* indent = "  ";

using Pieces = std::vector<std::string>;
using Lines = std::vector<std::string>;

// Pieces beside each other, and below where there is no room.
Lines flowing(const Pieces& pieces, std::size_t columns, const std::string& before) {
  Lines lines;
  for (const std::string& piece : pieces) {
    if (piece.empty()) continue;
    const bool fits = !lines.empty() && columns_of(lines.back()) + 2 + columns_of(piece) <= columns;
    if (fits)
      lines.back().append("  ").append(piece);
    else
      lines.push_back(cut_to_columns((lines.empty() ? before : before + indent) + piece, columns));
  }
  return lines;
}

// On one line, as many as there is room for.
std::string one_line(const Pieces& pieces, std::size_t columns) {
  const Lines lines = flowing(pieces, columns, "");
  return lines.empty() ? "" : lines.front();
}

std::string name_of(const LabProgress& lab) {
  return lab.name.empty() ? "lab" : clean_line(lab.name);
}

std::string step_of(const LabProgress& lab) {
  if (lab.leg.empty()) return "";
  if (lab.rates && lab.transfers)
    return clean_format("{}: transfer {:.1f} of {:.0f} s", lab.leg, lab.rates->seconds, lab.rates->total_seconds);
  return clean_format("{}: {}", lab.leg, lab.step);
}

Pieces state_of(const LabProgress& lab) {
  if (lab.case_id.empty()) return {name_of(lab), clean_line(lab.stage)};
  return {name_of(lab), clean_line(lab.case_id), step_of(lab)};
}

Pieces nodes_of(const LabProgress& lab) {
  Pieces pieces;
  for (const NodeProgress& node : lab.nodes) {
    const char* state = !node.seconds ? "starts" : node.restored ? "up (restored)" : "up";
    pieces.push_back(clean_format("{} {}", node.name, state));
  }
  return pieces;
}

Pieces rates_of(const LabProgress& lab, bool unicode) {
  if (!lab.rates || lab.rates->uplink_bps == 0) return {};
  const TransferRates& rates = *lab.rates;
  Pieces pieces = {fmt::format("router in {}", to_string(BitRate{rates.uplink_bps}))};
  if (!rates.passed_bps.empty())
    pieces.push_back(fmt::format("out {} {}", sparkline(rates.passed_bps, lab.highest_bps, spark_columns, unicode),
                                 to_string(BitRate{rates.passed_bps.back()})));
  if (rates.bogus_errors) pieces.push_back(fmt::format("frag needed {}", *rates.bogus_errors));
  return pieces;
}

void append(Lines& lines, const Lines& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

// All there is to say. Of several labs the nodes are told only while they start.
Lines whole(const std::vector<LabProgress>& labs, const ViewSize& size, std::size_t columns) {
  Lines lines;
  for (const LabProgress& lab : labs) {
    append(lines, flowing(state_of(lab), columns, ""));
    if (labs.size() == 1 || !lab.is_up()) append(lines, flowing(nodes_of(lab), columns, indent));
    append(lines, flowing(rates_of(lab, size.unicode), columns, indent));
  }
  return lines;
}

// A line for each lab, of as many as there is room for.
Lines dense(const std::vector<LabProgress>& labs, const ViewSize& size, std::size_t columns, std::size_t rows) {
  Lines lines;
  for (const LabProgress& lab : labs) {
    if (lines.size() + 1 >= rows && labs.size() > rows) break;
    Pieces pieces = state_of(lab);
    const Pieces more = lab.case_id.empty() ? nodes_of(lab) : rates_of(lab, size.unicode);
    pieces.insert(pieces.end(), more.begin(), more.end());
    lines.push_back(one_line(pieces, columns));
  }
  if (lines.size() < labs.size())
    lines.push_back(cut_to_columns(fmt::format("and {} labs more", labs.size() - lines.size()), columns));
  return lines;
}

std::string last_line(const RunProgress& progress, double now) {
  const auto left = progress.seconds_left(now);
  if (!left) return "";
  return fmt::format("{} of {} cases done, about {} left", std::min(progress.cases_done(), progress.cases()),
                     progress.cases(), duration_text(*left));
}

}  // namespace

std::string duration_text(double seconds) {
  const int whole = std::max(0, static_cast<int>(std::lround(seconds)));
  return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
}

std::vector<std::string> live_view(const RunProgress& progress, double now, const ViewSize& size) {
  const std::vector<LabProgress> labs = progress.labs();
  if (labs.empty()) return {};
  // A terminal moves on when its last column is written.
  const std::size_t columns = std::max<std::size_t>(size.columns, 2) - 1;
  const std::string last = last_line(progress, now);
  const std::size_t rows = std::max<std::size_t>(size.rows, 3) - 1 - (last.empty() ? 0 : 1);
  Lines lines = whole(labs, size, columns);
  if (lines.size() > rows) lines = dense(labs, size, columns, rows);
  if (!last.empty()) lines.push_back(cut_to_columns(last, columns));
  return lines;
}

}  // namespace offlab
