// The answer to captures that were made elsewhere: for a terminal, and as Markdown for a ticket.
#pragma once

#include <string>

#include "model/capture_answer.h"

namespace offlab {

std::string console_answer(const CaptureAnswer& answer);
std::string markdown_answer(const CaptureAnswer& answer);

}  // namespace offlab
