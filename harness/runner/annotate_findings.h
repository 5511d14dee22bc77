// Findings beside the frames that show them, in the captures of a case.
#pragma once

#include <string>

#include "model/verdict.h"
#include "record/run_folder.h"

namespace offlab {

// `leg_folder`: of the leg that was judged. Violations and warnings become packet comments, which Wireshark shows; earlier ones are replaced. A capture that
// cannot be written to stays as it is: what was found is in the report all the same.
void annotate_findings(const CaseResult& result, const std::string& leg_folder, const RunFolder& folder);

}  // namespace offlab
