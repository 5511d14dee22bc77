#include "base/error.h"

#include <cerrno>
#include <cstring>

namespace offlab {

Error::Error(std::string message, std::string remedy) : text_(std::move(message)), remedy_(std::move(remedy)) {}

void Error::add_frame(const std::string& frame) {
  text_ = frame + ": " + text_;
}

Error system_error(const std::string& action, int error_number) {
  return Error(action + ": " + std::strerror(error_number));
}

Error system_error(const std::string& action) {
  return system_error(action, errno);
}

}  // namespace offlab
