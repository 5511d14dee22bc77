// junit.xml: the verdict for CI servers.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// One testsuite, one testcase a case. fail is <failure>, error and inconclusive are <error> (type says which), skip is
// <skipped>.
std::string junit_xml(const RunResult& run);

}  // namespace offlab
