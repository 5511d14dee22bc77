// A mistake of the user on the command line or in a file. Exit status 2.
#pragma once

#include <exception>
#include <string>

namespace offlab {

class UsageError : public std::exception {
 public:
  // The whole text for stderr, newline included.
  explicit UsageError(std::string text) : text_(std::move(text)) {}
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  std::string text_;
};

}  // namespace offlab
