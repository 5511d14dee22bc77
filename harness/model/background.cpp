#include "model/background.h"

namespace offlab {

std::string_view to_string(BackgroundSender sender) {
  return sender == BackgroundSender::bsd ? "bsd" : "off";
}

std::optional<BackgroundSender> parse_background_sender(std::string_view text) {
  for (const BackgroundSender sender : {BackgroundSender::off, BackgroundSender::bsd})
    if (to_string(sender) == text) return sender;
  return std::nullopt;
}

}  // namespace offlab
