#include "model/disk_image.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace offlab {

namespace {

// Whatever number it is.
std::optional<unsigned> slot_in(std::string_view device) {
  for (const std::string_view begin : {"ens", "enp0s"}) {
    if (!device.starts_with(begin)) continue;
    const std::string_view digits = device.substr(begin.size());
    unsigned slot = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), slot);
    if (error == std::errc() && end == digits.data() + digits.size()) return slot;
  }
  return std::nullopt;
}

bool is_of_labs(unsigned slot) {
  constexpr unsigned first = 2;
  constexpr unsigned last = 27;
  return slot >= first && slot <= last;
}

}  // namespace

std::optional<unsigned> pci_slot_of(std::string_view device) {
  const auto slot = slot_in(device);
  return slot && is_of_labs(*slot) ? slot : std::nullopt;
}

bool names_other_slot(std::string_view device) {
  const auto slot = slot_in(device);
  return slot && !is_of_labs(*slot);
}

std::optional<std::string> parse_mac(std::string_view text) {
  constexpr std::size_t length = 17;
  if (text.size() != length) return std::nullopt;
  std::string mac;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto letter = static_cast<unsigned char>(text[i]);
    if (i % 3 == 2 ? letter != ':' : std::isxdigit(letter) == 0) return std::nullopt;
    mac += static_cast<char>(std::tolower(letter));
  }
  return mac;
}

}  // namespace offlab
