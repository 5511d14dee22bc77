#include "selftest/mutation_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "verdict/invariants.h"

namespace offlab {
namespace {

bool contains(const std::vector<Invariant>& invariants, Invariant invariant) {
  return std::find(invariants.begin(), invariants.end(), invariant) != invariants.end();
}

std::vector<Finding> judge(const RecordedLeg& leg, const LegMeasurements& control, const MeasureOptions& options) {
  const LegMeasurements measured = leg.measure();
  return judge_invariants({leg.intent, measured, &control, "", options});
}

bool trips(const Finding& finding) {
  return finding.outcome != Outcome::pass || finding.warning;
}

std::vector<Invariant> tripped(const std::vector<Finding>& findings) {
  std::vector<Invariant> all;
  for (const Finding& finding : findings)
    if (trips(finding)) all.push_back(finding.invariant);
  return all;
}

// Nobody changed two statistical invariants at once, so that each of them warns.
Outcome outcome_of_violation(const InvariantRow& row, const Limits& limits) {
  if (row.violation == Violation::inconclusive) return Outcome::inconclusive;
  const bool warns = is_statistical(row.kind) || row.violation == Violation::warning ||
                     (row.violation == Violation::fail_if_strict && !limits.strict);
  return warns ? Outcome::pass : Outcome::fail;
}

bool is_judged_as_its_row_says(const std::vector<Finding>& findings, Invariant invariant, const Limits& limits) {
  return std::any_of(findings.begin(), findings.end(), [&](const Finding& finding) {
    return finding.invariant == invariant && trips(finding) &&
           finding.outcome == outcome_of_violation(row_of(invariant), limits);
  });
}

std::string joined_names(const std::vector<Invariant>& invariants) {
  std::string text;
  for (const Invariant invariant : invariants)
    text += fmt::format("{}{}", text.empty() ? "" : ", ", to_string(invariant));
  return text;
}

std::string verdict_of(const MutationRow& row) {
  if (row.holds()) return "ok";
  if (!contains(row.tripped, row.mutation.invariant)) return "MISSED";
  return row.as_told ? "not alone" : "not judged as its row says";
}

}  // namespace

bool MutationRow::holds() const {
  std::vector<Invariant> expected = mutation.also;
  expected.push_back(mutation.invariant);
  std::sort(expected.begin(), expected.end());
  return as_told && tripped == expected;
}

bool MutationTable::holds() const {
  return tripped_unchanged.empty() && invariants_without_mutation().empty() &&
         std::all_of(rows.begin(), rows.end(), [](const MutationRow& row) { return row.holds(); });
}

std::vector<Invariant> MutationTable::invariants_without_mutation() const {
  std::vector<Invariant> missing;
  for (const Invariant invariant : invariants)
    if (row_of(invariant).no_mutation.empty() && std::none_of(rows.begin(), rows.end(), [&](const MutationRow& row) {
          return row.mutation.invariant == invariant;
        }))
      missing.push_back(invariant);
  return missing;
}

MutationTable try_mutations(const RecordedLeg& leg, const RecordedLeg& control, const MeasureOptions& options) {
  MutationTable table;
  const LegMeasurements compared = control.measure();
  for (const InvariantRow& row : invariant_rows()) table.invariants.push_back(row.id);
  table.tripped_unchanged = tripped(judge(leg, compared, options));
  for (const Mutation& mutation : mutations()) {
    RecordedLeg changed = leg;
    mutation.change(changed);
    const std::vector<Finding> findings = judge(changed, compared, options);
    table.rows.push_back(
        {mutation, tripped(findings), is_judged_as_its_row_says(findings, mutation.invariant, changed.intent.limits)});
  }
  return table;
}

std::string describe(const MutationTable& table) {
  std::string text;
  for (std::size_t i = 0; i < table.invariants.size(); ++i) {
    const std::string& none = row_of(table.invariants[i]).no_mutation;
    text += fmt::format("{:>3} {}{}\n", i + 1, to_string(table.invariants[i]), none.empty() ? "" : ": none, " + none);
  }
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
    text += fmt::format(
        "No mutation trips {}: put a defect that only it sees into selftest/mutations.cpp, or say in its row why there "
        "is none\n",
        to_string(invariant));
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
