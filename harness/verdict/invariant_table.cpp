#include <algorithm>

#include <fmt/format.h>

#include "verdict/invariants.h"

namespace offlab {
namespace {

std::string_view words(Need need) {
  switch (need) {
    case Need::captures:
      return "capture at A";
    case Need::egress_capture:
      return "capture at B";
    case Need::counters:
      return "counters";
    case Need::settings:
      return "settings";
    case Need::kernel_log:
      return "kernel log";
    case Need::transfer_report:
      return "transfer's report";
    case Need::stream:
      return "fixed-byte transfer";
    case Need::control:
      return "control";
    case Need::reference:
      return "reference";
  }
  return "?";
}

// What a capture must not have been made inside of the device's guest for.
bool is_blind_inside(const InvariantRow& row, Need need) {
  return std::any_of(row.blind_inside.begin(), row.blind_inside.end(), [&](const BlindInside& blind) {
    return need == (blind.point == &HopIntent::ingress ? Need::captures : Need::egress_capture);
  });
}

std::string needs_words(const InvariantRow& row) {
  if (row.scope == InvariantScope::run) return "the cases' classes";
  std::vector<std::string> all;
  for (const Need need : row.needs)
    all.push_back(fmt::format("{}{}", words(need), is_blind_inside(row, need) ? " *" : ""));
  return fmt::format("{}", fmt::join(all, ", "));
}

std::string_view words(InvariantScope scope) {
  switch (scope) {
    case InvariantScope::each_device:
      return "each device";
    case InvariantScope::whole_flow:
      return "the flow";
    case InvariantScope::run:
      return "the run";
  }
  return "?";
}

std::string quantity(double value, LimitUnit unit) {
  switch (unit) {
    case LimitUnit::share:
      return fmt::format("{:g} %", value * 100);
    case LimitUnit::ratio:
      return fmt::format("{:.2f}", value);
    case LimitUnit::seconds:
      return fmt::format("{:g} s", value);
  }
  return "?";
}

std::string limit_words(const InvariantRow& row) {
  if (std::holds_alternative<NothingAllowed>(row.limit)) return "0";
  if (const auto* fixed = std::get_if<FixedLimit>(&row.limit)) return quantity(fixed->value, fixed->unit);
  if (const auto* in_file = std::get_if<FileLimit>(&row.limit))
    return fmt::format("{} (`limits.{}`)", quantity(Limits().*in_file->value, in_file->unit), in_file->name());
  if (const auto* option = std::get_if<OptionLimit>(&row.limit))
    return fmt::format("{} (`{}`)", quantity(MeasureOptions().*option->member, option->unit), option->key);
  return "";
}

std::string violation_words(const InvariantRow& row) {
  if (is_statistical(row.kind)) {
    std::vector<std::string_view> others;
    for (const InvariantRow& other : invariant_rows())
      if (is_statistical(other.kind) && other.kind != row.kind) others.push_back(to_string(other.id));
    return fmt::format("a failure only together with {}", fmt::join(others, " or "));
  }
  switch (row.violation) {
    case Violation::fail:
      return "fail";
    case Violation::warning:
      return "warning";
    case Violation::fail_if_strict:
      return "warning; fail with `limits.strict`";
    case Violation::inconclusive:
      return "inconclusive";
  }
  return "?";
}

}  // namespace

std::string invariant_table() {
  std::string text =
      "| invariant | holds when | judged for | needs | limit | if violated |\n|---|---|---|---|---|---|\n";
  for (const InvariantRow& row : invariant_rows())
    text += fmt::format("| {} | {} | {} | {} | {} | {} |\n", to_string(row.id), row.holds_when, words(row.scope),
                        needs_words(row), limit_words(row), violation_words(row));
  return text;
}

}  // namespace offlab
