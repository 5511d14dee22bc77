// Failures of the environment: a missing program, a refused system call, a guest that does not answer.
// Mistakes in a user's file are Diagnostics (diagnostic.h), not Errors.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace offlab {

// One sentence that names its object, plus, where there is one, the remedy. Each layer that an Error passes on its way
// up may add one frame; what() is "frame: frame: message". What is quoted in them is cleaned (clean_text.h).
class Error : public std::exception {
 public:
  explicit Error(std::string_view message, std::string_view remedy = {});

  void add_frame(const std::string& frame);
  const char* what() const noexcept override { return text_.c_str(); }
  // What the user can do about it; empty where nothing is known.
  const std::string& remedy() const { return remedy_; }

 private:
  std::string text_;
  std::string remedy_;
};

// The run was interrupted by the user (Ctrl-C, SIGTERM).
class Interrupted : public std::exception {
 public:
  const char* what() const noexcept override { return "interrupted"; }
};

// "ACTION: strerror(errno)".
Error system_error(const std::string& action, int error_number);
Error system_error(const std::string& action);

// Runs `body`; an Error that leaves it gets `frame` in front of its text.
template <typename Body>
decltype(auto) with_frame(const std::string& frame, Body&& body) {
  try {
    return std::forward<Body>(body)();
  } catch (Error& error) {
    error.add_frame(frame);
    throw;
  }
}

}  // namespace offlab
