#include "model/guest_value.h"

#include <sstream>

namespace offlab {

std::string single_spaced(std::string_view value) {
  std::istringstream words{std::string(value)};
  std::string text;
  for (std::string word; words >> word;) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace offlab
