// The topology file's description for editors and for people, made from file_keys.h.
#pragma once

#include <string>

namespace offlab {

// JSON Schema, draft 2020-12.
std::string topology_json_schema();

// The tables of docs/topology.md, one a table of the file.
std::string topology_key_tables();

}  // namespace offlab
