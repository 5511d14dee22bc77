// How much a topology file may hold; more is a mistake.
#pragma once

#include <cstddef>

namespace offlab {

inline constexpr std::size_t max_networks = 250;
inline constexpr std::size_t max_nodes = 250;
inline constexpr std::size_t max_flows = 250;
inline constexpr std::size_t max_interfaces = 16;  // of one node; a guest has 32 PCI slots
inline constexpr std::size_t max_routes = 100;     // of one node
inline constexpr unsigned max_pool = 32768;        // addresses of one node
inline constexpr int max_extended_files = 8;
inline constexpr std::size_t max_text_bytes{262144};  // of a topology file or image recipe

}  // namespace offlab
