// The load of another sender beside the measured flow, as a cause of what the flow suffers.
#pragma once

#include <string>

#include "model/measurement.h"

namespace offlab {

// Whether errors of the router made that sender fill the uplink: it answered them with its windows again, sent several
// times what it had to carry, and nearly all of the uplink's rate is used.
bool is_filled_by_another(const LegMeasurements& leg);

// "beside it 100 connections of another sender, with 4 Mbit/s to carry, sent 44 Mbit/s; ...". Empty when there was
// none.
std::string words_about_other_sender(const LegMeasurements& leg);

}  // namespace offlab
