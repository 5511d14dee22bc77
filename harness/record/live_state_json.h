// LiveState as JSON: live.json in the folder of a lab that stays. Schema "offlab.live/1".
#pragma once

#include <string>

#include "model/live_state.h"

namespace offlab {

std::string live_state_to_json(const LiveState& state);
// Throws Error when the text is no such state.
LiveState live_state_from_json(const std::string& text);

}  // namespace offlab
