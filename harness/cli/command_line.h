// From words to a command.
#pragma once

#include <functional>
#include <optional>
#include <variant>

namespace offlab {

// What to run, or, after --help or a mistake, the exit status.
std::variant<std::function<int()>, int> parse_command_line(int argc, const char* const* argv);

}  // namespace offlab
