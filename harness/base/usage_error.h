// A mistake of the user on the command line or in a file. Exit status 2.
#pragma once

#include <exception>
#include <string>
#include <string_view>

#include "base/clean_text.h"
#include "base/error.h"

namespace offlab {

class UsageError : public std::exception {
 public:
  // The whole text for stderr, newline included; cleaned (clean_text.h).
  explicit UsageError(std::string_view text) : text_(clean_text(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

// Runs `action` on a folder or file that the user named: an Error about it is the user's mistake.
template <typename Action>
auto as_usage(Action action) {
  try {
    return action();
  } catch (const Error& error) {
    const std::string remedy = error.remedy().empty() ? "" : "  remedy: " + error.remedy() + "\n";
    throw UsageError(std::string("error: ") + error.what() + "\n" + remedy);
  }
}

}  // namespace offlab
