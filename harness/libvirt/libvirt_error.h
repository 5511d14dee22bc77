// Failures in libvirt's words.
#pragma once

#include <string>

#include <fmt/core.h>
#include <libvirt/virterror.h>

#include "base/error.h"

namespace offlab {

inline Error libvirt_error(const std::string& action) {
  const auto* error = virGetLastError();
  return Error(fmt::format("{}: {}", action, error == nullptr ? "libvirt gave no reason" : error->message));
}

}  // namespace offlab
