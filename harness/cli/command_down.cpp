#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/usage_error.h"
#include "cli/lab_commands.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {
namespace {

std::vector<RegisteredLab> to_end(const LabRegistry& registry, const DownOptions& options) {
  std::vector<RegisteredLab> labs = registry.labs();
  if (options.all) return labs;
  for (const RegisteredLab& lab : labs)
    if (lab.name == options.name) return {lab};
  // Refuses, or finds the only one that is up.
  const std::string name = choose_lab(registry, options.name).entry.name;
  for (const RegisteredLab& lab : labs)
    if (lab.name == name) return {lab};
  return {};
}

}  // namespace

int down_command(const DownOptions& options) {
  if (options.all && !options.name.empty()) throw UsageError("error: name a lab, or --all, not both\n");
  const LabRegistry registry(cache_folder());
  for (const RegisteredLab& lab : to_end(registry, options)) {
    end_lab(registry, lab);
    clean_print(stdout, "lab '{}' {}\n", lab.name, lab.alive ? "ended" : "was dead; what it left is removed");
  }
  return 0;
}

}  // namespace offlab
