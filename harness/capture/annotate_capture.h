// Findings beside the frames that show them: packet comments in a capture that offlab wrote, for Wireshark to show.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace offlab {

// Frame number, from 1 on as Wireshark counts, and what to say there; several may name the same frame.
using FrameComments = std::multimap<std::uint64_t, std::string>;

// Each comment is written as "offlab: TEXT", one clean line. Earlier ones of that form go away; everything else in the
// file stays as it is. `relative` is the capture's path below `folder`, outside of which nothing is written. Until the
// file is complete again the old one is in its place. Throws Error, and changes nothing, when offlab did not write the
// file, when it is damaged, or when it has no such frame.
void annotate_capture(const std::filesystem::path& folder, const std::filesystem::path& relative,
                      const FrameComments& comments);

}  // namespace offlab
