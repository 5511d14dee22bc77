// The far end of a run on several hosts: labs for somebody who speaks over stdin and stdout (record/agent_message.h).
#pragma once

#include <filesystem>

namespace offlab {

// Until stdin ends, or nothing is heard for a while; then the lab ends. Returns the exit status.
int run_agent(const std::filesystem::path& cache);

}  // namespace offlab
