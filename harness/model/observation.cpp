#include "model/observation.h"

#include <array>
#include <utility>

namespace offlab {
namespace {

constexpr std::array<std::pair<TransferEnd, std::string_view>, 4> words = {{{TransferEnd::full_time, "full-time"},
                                                                            {TransferEnd::enough, "enough"},
                                                                            {TransferEnd::storm, "storm"},
                                                                            {TransferEnd::stalled, "stalled"}}};

}  // namespace

std::string_view to_string(TransferEnd end) {
  for (const auto& [value, word] : words)
    if (value == end) return word;
  return "?";
}

std::optional<TransferEnd> parse_transfer_end(std::string_view text) {
  for (const auto& [value, word] : words)
    if (word == text) return value;
  return std::nullopt;
}

}  // namespace offlab
