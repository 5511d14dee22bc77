// Events as JSON, one object a line. Their texts are clean (base/clean_text.h), whichever way they go.
#pragma once

#include <string>

#include "base/json.h"
#include "model/event.h"

namespace offlab {

// One line, without the newline.
std::string event_to_line(const Event& event);
// Throws Error when the line is no event.
Event event_from_line(const std::string& line);

// The same as values. Reading throws Error or json::exception.
nlohmann::json event_to_json(const Event& event);
Event event_from_json(const nlohmann::json& said);

// What became of a case; also from before runs had words of their own for it ("outcome").
Recorded recorded_from_json(const nlohmann::json& object);

}  // namespace offlab
