// What is refused, and why.
#pragma once

#include <functional>
#include <string>

#include "base/error.h"

namespace offlab {

// The Error that leaves `body`; empty when none does.
inline std::string refusal(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace offlab
