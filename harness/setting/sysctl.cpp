#include "setting/sysctl.h"

#include <algorithm>
#include <string_view>

namespace offlab {
namespace {

constexpr std::size_t longest_name = 80;
constexpr std::string_view characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.";
// It holds for listening sockets that are made after it was set.
constexpr std::string_view of_df = "net.ipv4.ip_no_pmtu_disc";

}  // namespace

std::optional<std::string> sysctl_name(const std::string& text) {
  const bool fits = text.size() <= longest_name && text.find_first_not_of(characters) == std::string::npos &&
                    text.find('.') != std::string::npos && text.find("..") == std::string::npos &&
                    text.front() != '.' && text.back() != '.';
  return fits && text != of_df ? std::optional(text) : std::nullopt;
}

std::string sysctl_hint(const std::string& text) {
  if (text == of_df) return "the setting 'df' of a flow switches it";
  return "names are as sysctl prints them, with dots: net.core.gro_normal_batch";
}

GuestFile sysctl_file(const std::string& name) {
  std::string path = name;
  std::replace(path.begin(), path.end(), '.', '/');
  return {"sysctl " + name, "/proc/sys/" + path};
}

}  // namespace offlab
