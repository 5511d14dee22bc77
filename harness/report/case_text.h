// What the formats for other programs say of a case, in the same words.
#pragma once

#include <string>
#include <vector>

#include "model/verdict.h"

namespace offlab {

// "lro-orphan-storm"; the outcome's word where nothing was judged.
std::string class_word(const CaseResult& one);
// One line: why the case is no pass, or its class.
std::string case_headline(const CaseResult& one);
// Violations, then what could not be judged, then warnings.
std::vector<const Finding*> notable_findings(const CaseResult& one);
// Findings with their frames and the first remedy, in lines. Of the rest, from `most_bytes` on, it says that there is
// more.
std::string case_details(const CaseResult& one, std::size_t most_bytes);
// "945 kbit/s (control 357 Mbit/s)"; empty: not measured.
std::string goodput_words(const CaseResult& one);
// The captures of the leg that was judged, relative to the run folder.
std::vector<std::string> judged_captures(const CaseResult& one);

}  // namespace offlab
