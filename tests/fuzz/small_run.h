// The recorded run in tests/data, cut down to what is judged in a moment.
#pragma once

#include <filesystem>
#include <string>

namespace offlab::fuzz {

// What is damaged in the test's folder: a case with a fault, in captures of some frames, and one that was skipped.
inline constexpr const char* judged_case = "cases/02-hypervisor-lro";
inline constexpr const char* skipped_case = "cases/03-smaller-client-mtu";

// Where files are made and removed fastest.
std::filesystem::path memory_folder();

// Makes a run folder of it.
void make_small_run(const std::filesystem::path& folder);

// A plan of version 3 of the same two cases.
std::string small_earlier_plan();

// A guest's text with the counters and offloads that are judged, and `ethtool --json -k` alike.
std::string short_guest_text(const std::string& guest_text);
std::string few_offloads(const std::string& ethtool_json);

}  // namespace offlab::fuzz
