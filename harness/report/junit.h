// junit.xml: the verdict for CI servers, in the dialect that GitLab and Jenkins read.
// https://docs.gitlab.com/ci/testing/unit_test_reports/, https://plugins.jenkins.io/junit-attachments/
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// GitLab reads no larger file.
inline constexpr std::size_t largest_junit = 30'000'000;

// One testsuite, one testcase a case, whose names are unique. fail is <failure>, error and inconclusive are <error>
// (type says which), skip is <skipped>. Captures of the judged leg are attachments.
std::string junit_xml(const RunResult& run);

}  // namespace offlab
