#include "model/nic_ref.h"

namespace offlab {

std::optional<NicRef> parse_nic_ref(std::string_view text) {
  const auto space = text.find(' ');
  if (space == 0 || space == std::string_view::npos || space + 1 == text.size()) return std::nullopt;
  if (text.find(' ', space + 1) != std::string_view::npos) return std::nullopt;
  return NicRef{std::string(text.substr(0, space)), std::string(text.substr(space + 1))};
}

}  // namespace offlab
