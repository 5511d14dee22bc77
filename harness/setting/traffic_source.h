// What the sender of a flow runs: iperf3, and a file of random bytes for whoever connects (its digest beside it). It is
// beside the settings since TCP fixes DF when a listening socket is made: whoever switches DF starts both again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/scenario.h"

namespace offlab {

inline constexpr std::uint16_t iperf_port = 5201;
inline constexpr std::uint16_t stream_port = 5202;
inline constexpr std::uint16_t background_port = 5203;
inline constexpr const char* stream_digest_file = "/tmp/offlab-stream.sha256";

std::vector<std::string> source_commands(const MeasureOptions& measure);

// Ends what of it runs and starts that again with the same words. One line of shell.
std::string restart_source_command();

}  // namespace offlab
