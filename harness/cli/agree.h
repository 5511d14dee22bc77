// What changes machines or hosts of the user's is asked for.
#pragma once

namespace offlab {

// `yes`: it was agreed to already. Otherwise whoever sits at the terminal is asked. Throws UsageError where nobody
// agrees.
void agree(const char* question, bool yes);

}  // namespace offlab
