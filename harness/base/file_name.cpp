#include "base/file_name.h"

namespace offlab {

bool is_file_name(std::string_view word) {
  constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !word.empty() && word.find_first_not_of(characters) == std::string_view::npos &&
         word.size() <= max_file_name && word != "." && word != "..";
}

}  // namespace offlab
