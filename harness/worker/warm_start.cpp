#include "worker/warm_start.h"

#include <fstream>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "cache/warm_folder.h"
#include "libvirt/domain_xml.h"
#include "plan/management.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// Under KVM a guest sees the host's CPU, and its state is the host kernel's.
std::string kvm_host() {
  utsname host{};
  uname(&host);
  std::ifstream cpus("/proc/cpuinfo");
  std::string line;
  while (std::getline(cpus, line))
    if (line.rfind("model name", 0) == 0) break;
  return fmt::format("{} {} {}", host.release, host.version, line);
}

const WorkerImage& image_of(const DomainSpec& spec, const WorkerRequest& request, std::string& name) {
  for (const NodePlan& node : request.lab.nodes)
    if (node.name == spec.name) name = image_key(node);
  return request.images.at(name);
}

// How a disk's system got its address is a part of its state.
std::string way_to(const DomainSpec& spec, const WorkerRequest& request) {
  for (const NodePlan& node : request.lab.nodes)
    if (node.name == spec.name && node.disk) {
      const auto addresses = management_addresses(request.lab, node);
      return fmt::format(" {} {}", to_string(node.disk->management.from), addresses ? to_string(addresses->guest) : "");
    }
  return "";
}

}  // namespace

// Guests of one name differ by these.
std::string words_of(const DomainSpec& spec) {
  std::vector<std::string> nics;
  for (const DomainNic& nic : spec.nics) nics.emplace_back(to_string(nic.model));
  return fmt::format("{} vcpu, {} MiB, {}", spec.vcpus, spec.memory_mib, fmt::join(nics, " "));
}

WarmStates warm_states(const fs::path& cache, const WorkerRequest& request,
                       const std::map<std::string, std::string>& versions,
                       const std::function<std::string(const std::string& node)>& public_keys) {
  std::string versions_text;
  for (const auto& [name, version] : versions) versions_text += fmt::format("{} {}\n", name, version);
  const std::string accelerator = request.accelerator == Accelerator::kvm ? "kvm " + kvm_host() : "tcg";
  return {warm_folder(cache), warm_limit(), [=, &request](const DomainSpec& spec) {
            std::string image;
            const std::string digest = image_of(spec, request, image).digest + way_to(spec, request);
            return WarmLabel{warm_key({digest, domain_xml(spec), versions_text, accelerator, public_keys(spec.name)}),
                             spec.name, image, words_of(spec)};
          }};
}

}  // namespace offlab
