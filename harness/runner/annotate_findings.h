// Findings beside the frames that show them, in the captures of a case.
#pragma once

#include "model/verdict.h"
#include "record/run_folder.h"

namespace offlab {

// Violations and warnings become packet comments, which Wireshark shows; earlier ones are replaced. A capture that
// cannot be written to stays as it is: what was found is in the report all the same.
void annotate_findings(const CaseResult& result, const RunFolder& folder);

}  // namespace offlab
