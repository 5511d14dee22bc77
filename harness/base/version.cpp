#include "base/version.h"

#include "version_text.h"

namespace offlab {

std::string_view program_version() {
  return OFFLAB_VERSION_TEXT;
}

std::string_view program_date() {
  return OFFLAB_DATE_TEXT;
}

}  // namespace offlab
