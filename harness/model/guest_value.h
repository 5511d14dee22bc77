// A value that a guest keeps in a file under /proc or /sys, as a sysctl is.
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace offlab {

struct GuestFile {
  std::string name;  // "sysctl net.core.gro_normal_batch": for people, and of its section in what the guest prints
  std::string path;  // "/proc/sys/net/core/gro_normal_batch"
  auto operator<=>(const GuestFile&) const = default;
};

// The words of a value with one space between them: the kernel prints "4096\t131072\t6291456" for "4096 131072
// 6291456".
std::string single_spaced(std::string_view value);

}  // namespace offlab
