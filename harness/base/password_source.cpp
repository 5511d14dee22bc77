#include "base/password_source.h"

#include <cstdlib>

#include <fmt/core.h>

#include "base/error.h"
#include "base/read_file.h"

namespace offlab {

std::string password_in_file(const std::filesystem::path& file) {
  const std::string text = read_whole_file(file);
  return text.substr(0, text.find_first_of("\r\n"));
}

char* password_in_environment(const std::string& variable, const std::string& whose) {
  char* value = std::getenv(variable.c_str());
  if (value == nullptr) throw Error(fmt::format("the password of {} is in ${}, which is not set", whose, variable));
  return value;
}

}  // namespace offlab
