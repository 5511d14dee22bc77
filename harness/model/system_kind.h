// Whose kernel and drivers a machine has.
#pragma once

#include <optional>
#include <string_view>

namespace offlab {

// pfSense and OPNsense are FreeBSD.
enum class SystemKind { gnu_linux, freebsd };

constexpr std::string_view to_string(SystemKind kind) {
  return kind == SystemKind::freebsd ? "freebsd" : "linux";
}

constexpr std::optional<SystemKind> parse_system_kind(std::string_view text) {
  for (const SystemKind kind : {SystemKind::gnu_linux, SystemKind::freebsd})
    if (to_string(kind) == text) return kind;
  return std::nullopt;
}

}  // namespace offlab
