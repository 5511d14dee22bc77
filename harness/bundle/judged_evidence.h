// Captures with what was judged of them; and whether other captures, made from these, are judged the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "runner/analyze_captures.h"

namespace offlab {

struct JudgedEvidence {
  ForeignEvidence evidence;
  JudgedCaptures judged;
};

// Throws Error as analyze_captures() does, and for standard input, which can be read only once.
JudgedEvidence judge_evidence(const ForeignEvidence& evidence, const AssumedRouter& router);

// What differs in outcome, classes of fault or violated invariants, in words: "outcome pass instead of fail"; empty
// when nothing does. Warnings, numbers and texts may differ.
std::string difference(const JudgedCaptures& original, const JudgedCaptures& made);

// What captures that are made are called.
struct CaptureNames {
  std::string before = "before.pcapng";  // the one before the router, or the only one
  std::string behind = "behind.pcapng";
};

// Of the sets of files, those before the router first, as they were judged; where nothing tells, as they were given.
std::vector<std::vector<std::filesystem::path>> files_in_order(const JudgedEvidence& original);

// The same evidence, with one file for each of its captures: `names` in `folder`, before the router first.
ForeignEvidence evidence_in(const std::filesystem::path& folder, const CaptureNames& names,
                            const JudgedEvidence& original);
// The names of its captures, as many as there are.
std::vector<std::string> names_of(const CaptureNames& names, const JudgedEvidence& original);

// As if the captures had been judged where they are now, in `folder`.
void move_names(JudgedCaptures& judged, const std::filesystem::path& folder);

// Beside the frames that show them, findings become packet comments in the captures of `folder`: its files have the
// names that the findings have. Throws Error.
void comment_findings(const JudgedCaptures& judged, const std::filesystem::path& folder);

}  // namespace offlab
