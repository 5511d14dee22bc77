#include "cli/earlier_nights.h"

#include "base/host_name.h"
#include "history/sqlite_history.h"

namespace offlab {

EarlierNights::EarlierNights(const std::string& file, const LoadedScenario& loaded)
    : file_(file), file_digest_(digest_of(loaded.files)) {
  if (!file.empty()) rows_ = open_existing_history(file)->rows();
}

CaseHistory EarlierNights::of(const std::string& case_id) const {
  return history_of_case(rows_, host_name(), case_id, file_digest_);
}

}  // namespace offlab
