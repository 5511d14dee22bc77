// POSIX shells: words of a command line, and what a command prints.
#pragma once

#include <string>

namespace offlab {

// `text` as one word, whatever is in it.
std::string shell_quoted(const std::string& text);

// What $(...) makes of it: without the ends of line at its end.
std::string without_last_ends_of_line(std::string text);

}  // namespace offlab
