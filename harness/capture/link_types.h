// The kinds of links that captures are made on, by the LINKTYPE_* numbers of tcpdump.org.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"

namespace offlab {

// In words, to follow "captured on": "IEEE 802.11 with radiotap", "USB (Linux)"; "a link of type 300" when it has no
// name here.
std::string name_of_link(std::uint32_t link_type);

// Are packets found in its frames? Frames of other links have no bytes.
bool is_read(std::uint32_t link_type);

// For a file all of whose frames are of such a link.
Error unread_link(const std::string& file, std::uint32_t link_type);

}  // namespace offlab
