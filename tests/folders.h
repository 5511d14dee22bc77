#pragma once

#include <string>

namespace offlab {

// Absolute paths of this checkout. tests/folders.cpp alone is compiled with them, so that a compiler cache serves the
// other sources of every checkout.
std::string source_folder();
std::string tests_folder();
std::string offlab_program();

}  // namespace offlab
