#include "selftest/mutation_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "verdict/invariant.h"

namespace offlab {
namespace {

bool contains(const std::vector<Invariant>& invariants, Invariant invariant) {
  return std::find(invariants.begin(), invariants.end(), invariant) != invariants.end();
}

std::vector<Finding> judge(const RecordedLeg& leg, const LegMeasurements& control, const MeasureOptions& options) {
  const LegMeasurements measured = leg.measure();
  return judge_invariants({leg.intent, measured, &control, "", options});
}

std::vector<Invariant> tripped(const std::vector<Finding>& findings) {
  std::vector<Invariant> all;
  for (const Finding& finding : findings)
    if (finding.outcome != Outcome::pass || finding.warning) all.push_back(finding.invariant);
  return all;
}

std::string joined_names(const std::vector<Invariant>& invariants) {
  std::string text;
  for (const Invariant invariant : invariants)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(invariant));
  return text;
}

std::string verdict_of(const MutationRow& row) {
  if (row.holds()) return "ok";
  return contains(row.tripped, row.mutation.invariant) ? "not alone" : "MISSED";
}

}  // namespace

bool MutationTable::holds() const {
  return tripped_unchanged.empty() && invariants_without_mutation().empty() &&
         std::all_of(rows.begin(), rows.end(), [](const MutationRow& row) { return row.holds(); });
}

std::vector<Invariant> MutationTable::invariants_without_mutation() const {
  std::vector<Invariant> missing;
  for (const Invariant invariant : invariants)
    if (std::none_of(rows.begin(), rows.end(),
                     [&](const MutationRow& row) { return row.mutation.invariant == invariant; }))
      missing.push_back(invariant);
  return missing;
}

MutationTable try_mutations(const RecordedLeg& leg, const RecordedLeg& control, const MeasureOptions& options) {
  MutationTable table;
  const LegMeasurements compared = control.measure();
  const std::vector<Finding> unchanged = judge(leg, compared, options);
  for (const Finding& finding : unchanged) table.invariants.push_back(finding.invariant);
  table.tripped_unchanged = tripped(unchanged);
  for (const Mutation& mutation : mutations()) {
    RecordedLeg changed = leg;
    mutation.change(changed);
    table.rows.push_back({mutation, tripped(judge(changed, compared, options))});
  }
  return table;
}

std::string describe(const MutationTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.invariants.size(); ++i)
    text += fmt::format("{:>3} {}\n", i + 1, to_string(table.invariants[i]));
  text += fmt::format("\n{:<24}", "mutation");
  for (std::size_t i = 0; i < table.invariants.size(); ++i) text += fmt::format("{:>3}", i + 1);
  text += "\n";
  for (const MutationRow& row : table.rows) {
    text += fmt::format("{:<24}", row.mutation.name);
    for (const Invariant invariant : table.invariants)
      text += fmt::format("{:>3}", !contains(row.tripped, invariant)     ? "."
                                   : invariant == row.mutation.invariant ? "X"
                                                                         : "!");
    text += fmt::format("  {}\n", verdict_of(row));
  }
  text += "\nX: trips on its own defect. '!': trips on another one's.\n";
  if (!table.tripped_unchanged.empty())
    text += fmt::format("The recording itself trips: {}\n", joined_names(table.tripped_unchanged));
  for (const Invariant invariant : table.invariants_without_mutation())
    text += fmt::format("No mutation trips {}\n", to_string(invariant));
  return text;
}

std::string markdown(const MutationTable& table) {
  std::string text = "| mutation | what was changed | must trip | tripped |\n|---|---|---|---|\n";
  for (const MutationRow& row : table.rows)
    text += fmt::format("| {} | {} | {} | {} |\n", row.mutation.name, row.mutation.what,
                        to_string(row.mutation.invariant), joined_names(row.tripped));
  return text;
}

}  // namespace offlab
