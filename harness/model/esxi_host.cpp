#include "model/esxi_host.h"

#include <array>

namespace offlab {
namespace {

constexpr std::array<std::string_view, 3> reboot_words = {"none", "vm-power-cycle", "host-reboot"};

}  // namespace

std::string_view to_string(EsxiReboot reboot) {
  return reboot_words[static_cast<std::size_t>(reboot)];
}

std::optional<EsxiReboot> parse_esxi_reboot(std::string_view text) {
  for (std::size_t i = 0; i < reboot_words.size(); ++i)
    if (reboot_words[i] == text) return static_cast<EsxiReboot>(i);
  return std::nullopt;
}

}  // namespace offlab
