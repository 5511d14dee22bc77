// Names that are safe in a path and in a topology file, made of any text.
#pragma once

#include <string>

namespace offlab {

// Letters, digits, "-" and "."; at most 60 characters; never empty.
std::string file_word(const std::string& text);

// The name of a case in a topology file, of its id.
std::string case_name(const std::string& id);

}  // namespace offlab
