// Observations of a leg as text files, and back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/observation.h"

namespace offlab {

std::string samples_to_csv(const std::vector<TapSample>& samples);
std::vector<TapSample> samples_from_csv(const std::string& text);

std::string taps_to_json(const std::map<std::string, TapState>& taps);
std::map<std::string, TapState> taps_from_json(const std::string& text);

// Everything of the transfer but iperf3's report: exit status, why it ended, CPU time.
std::string transfer_to_json(const LegObservation& seen);
void transfer_from_json(const std::string& text, LegObservation& seen);

std::string stream_to_json(const StreamOutput& stream);
StreamOutput stream_from_json(const std::string& text);
std::string background_to_json(const BackgroundOutput& background);
BackgroundOutput background_from_json(const std::string& text);

std::string captures_to_json(const std::vector<CaptureStatistics>& captures);
std::vector<CaptureStatistics> captures_from_json(const std::string& text);

}  // namespace offlab
