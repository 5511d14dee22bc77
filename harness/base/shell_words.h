// Words of a POSIX shell's command line.
#pragma once

#include <string>

namespace offlab {

// `text` as one word, whatever is in it.
std::string shell_quoted(const std::string& text);

}  // namespace offlab
