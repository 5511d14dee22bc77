#include <chrono>
#include <cstdio>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/shell_words.h"
#include "base/usage_error.h"
#include "cache/image_scratch.h"
#include "cache/lab_registry.h"
#include "cache/memory_reservation.h"
#include "cli/lab_commands.h"
#include "config/parse_libvirt_uri.h"
#include "hosted/made_lab.h"
#include "libvirt/marked_domains.h"
#include "session/host_pool.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {
namespace {

constexpr std::chrono::minutes time_on_host{10};  // a minute or two for each lab that was killed

void say(const std::string& line) {
  clean_print(stderr, "{}\n", line);
}

// What labs on this host's libvirtd have left; how many. A host that never had one has no libvirtd, perhaps.
std::size_t remove_hosted_labs() {
  std::error_code none;
  if (std::filesystem::is_empty(hosted_labs_folder, none) || none) return 0;
  MarkedDomains domains(system_libvirt);
  const std::vector<LeftLab> left = remove_left_labs({.on_wait = say}, system_libvirt, domains);
  for (const LeftLab& one : left) clean_print(stdout, "{}\n", describe(one));
  return left.size();
}

}  // namespace

int gc_command(const GcOptions& options) {
  if (!options.connect.empty())
    if (const LibvirtUri uri = as_usage([&] { return parse_libvirt_uri(options.connect); }); uri.host) {
      clean_print(stdout, "{}\n", without_last_ends_of_line(run_on_host(*uri.host, "gc", time_on_host, say)));
      return 0;
    }
  const std::filesystem::path cache = cache_folder();
  const std::vector<std::string> dead = remove_dead_labs(LabRegistry(cache));
  for (const std::string& name : dead) clean_print(stdout, "removed what lab '{}' left\n", name);
  memory_claims(cache);  // forgets those of the dead
  const auto scratch = remove_image_scratch(cache);
  for (const auto& path : scratch) clean_print(stdout, "removed {}\n", path.string());
  const std::size_t hosted = remove_hosted_labs();
  if (dead.empty() && scratch.empty() && hosted == 0) fmt::print("nothing was left behind\n");
  return 0;
}

}  // namespace offlab
