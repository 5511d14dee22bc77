#include <ctime>

#include <fmt/ranges.h>

#include "base/clean_format.h"
#include "cli/lab_commands.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {
namespace {

std::string age_text(std::int64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  if (seconds < 7200) return fmt::format("{} min", seconds / 60);
  return fmt::format("{} h", seconds / 3600);
}

}  // namespace

int list_command() {
  const std::vector<RegisteredLab> labs = LabRegistry(cache_folder()).labs();
  if (labs.empty()) fmt::print("no lab is up; start one with `offlab up FILE`\n");
  constexpr const char* row = "{:<20} {:<9} {:<8} {:<30} {}\n";
  if (!labs.empty()) fmt::print(row, "NAME", "STATE", "AGE", "NODES", "FILE");
  for (const RegisteredLab& lab : labs) {
    std::vector<std::string> nodes;
    if (lab.entry)
      for (const NodePlan& node : lab.entry->plan.nodes) nodes.push_back(clean_line(node.name));
    clean_print(stdout, row, lab.name, state_of(lab),
                lab.entry ? age_text(std::time(nullptr) - lab.entry->started) : "?",
                fmt::format("{}", fmt::join(nodes, " ")), lab.entry ? lab.entry->file : "?");
  }
  return 0;
}

}  // namespace offlab
