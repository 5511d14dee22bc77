// A diagnosis in words.
#pragma once

#include <string>

#include "model/verdict.h"

namespace offlab {

// For a terminal, indented.
std::string describe(const Diagnosis& diagnosis);

}  // namespace offlab
