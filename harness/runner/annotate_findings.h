// Findings beside the frames that show them, in the captures of a case.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "capture/annotate_capture.h"
#include "model/verdict.h"
#include "record/run_folder.h"

namespace offlab {

// Of violations and warnings, by capture point.
std::map<std::string, FrameComments> comments_of(const std::vector<Finding>& findings);

// Violations and warnings become packet comments, which Wireshark shows; earlier ones are replaced. A capture that
// cannot be written to stays as it is: what was found is in the report all the same.
void annotate_findings(const CaseResult& result, const RunFolder& folder);

}  // namespace offlab
