// What the program's own rooms make and read. Their types have the names of the library's, so no file sees both.
#pragma once

#include <string>
#include <vector>

namespace inner_side {

// run.json of report/sample_run.h, as a run writes it.
std::string sample_run_json();

// What the program has to say about a topology file, each mistake a line; empty: none.
std::string mistakes_in(const std::string& toml);
// The ids of its cases.
std::vector<std::string> case_ids_of(const std::string& toml);
// "router: lro=off"
std::string features_of_router_in(const std::string& toml, const std::string& case_id);

}  // namespace inner_side
