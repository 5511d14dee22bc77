// Events as JSON lines: what a worker writes on its stdout, and events.jsonl in the run folder. Schema
// "offlab.event/1".
#pragma once

#include <string>

#include "model/event.h"

namespace offlab {

// One line, without the newline.
std::string event_to_line(const Event& event);
// Throws Error when the line is no event.
Event event_from_line(const std::string& line);

}  // namespace offlab
