// What the sender of a flow has: a file of random bytes (its digest beside it), and where others connect to it iperf3
// and a server for the file. It is beside the settings since TCP fixes DF when a listening socket is made: whoever
// switches DF starts both again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/scenario.h"

namespace offlab {

inline constexpr std::uint16_t iperf_port = 5201;
inline constexpr std::uint16_t stream_port = 5202;
inline constexpr std::uint16_t background_port = 5203;
// Of a receiver that the sender connects to: the same node may be the sender of another flow.
inline constexpr std::uint16_t iperf_push_port = 5211;
inline constexpr std::uint16_t stream_push_port = 5212;
inline constexpr const char* stream_digest_file = "/tmp/offlab-stream.sha256";

inline constexpr const char* stream_file = "/tmp/offlab-stream";

std::vector<std::string> source_commands(const MeasureOptions& measure, bool listens);

// Ends what of it runs and starts that again with the same words. One line of shell.
std::string restart_source_command();

}  // namespace offlab
