// The answer to captures that were made elsewhere, for programs. Schema "offlab.analysis/2".
#pragma once

#include <string>

#include "model/capture_answer.h"

namespace offlab {

std::string json_answer(const CaptureAnswer& answer);

}  // namespace offlab
