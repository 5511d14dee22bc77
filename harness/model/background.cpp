#include "model/background.h"

namespace offlab {

std::string_view to_string(BackgroundSender sender) {
  switch (sender) {
    case BackgroundSender::bsd:
      return "bsd";
    case BackgroundSender::tcp:
      return "tcp";
    case BackgroundSender::udp:
      return "udp";
    case BackgroundSender::off:
      break;
  }
  return "off";
}

std::optional<BackgroundSender> parse_background_sender(std::string_view text) {
  for (const BackgroundSender sender :
       {BackgroundSender::off, BackgroundSender::bsd, BackgroundSender::tcp, BackgroundSender::udp})
    if (to_string(sender) == text) return sender;
  return std::nullopt;
}

unsigned streams_of(const Background& background) {
  constexpr unsigned of_bsd = 100;
  if (background.streams > 0) return background.streams;
  return background.sender == BackgroundSender::bsd ? of_bsd : 1;
}

}  // namespace offlab
