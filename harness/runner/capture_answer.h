// What was found in captures, said to an engineer who knows tcpdump.
#pragma once

#include "model/capture_answer.h"
#include "runner/analyze_captures.h"

namespace offlab {

CaptureAnswer answer_of(const JudgedCaptures& judged, const AssumedRouter& router);

// "198.18.2.2.5201 > 198.18.1.2.41234", as tcpdump writes it.
std::string words_of(const FlowKey& flow);

}  // namespace offlab
