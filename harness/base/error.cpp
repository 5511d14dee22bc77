#include "base/error.h"

#include <cerrno>
#include <cstring>

#include "base/clean_text.h"

namespace offlab {

Error::Error(std::string_view message, std::string_view remedy)
    : text_(clean_line(message)), remedy_(clean_line(remedy)) {}

void Error::add_frame(const std::string& frame) {
  text_ = clean_line(frame) + ": " + text_;
}

Error system_error(const std::string& action, int error_number) {
  return Error(action + ": " + std::strerror(error_number));
}

Error system_error(const std::string& action) {
  return system_error(action, errno);
}

}  // namespace offlab
