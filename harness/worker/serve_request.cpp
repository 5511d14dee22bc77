#include "worker/serve_request.h"

#include "family/guest_family.h"
#include "host/linux_fabric.h"
#include "host/linux_injection.h"
#include "host/linux_observation.h"
#include "process/isolation.h"
#include "record/run_folder.h"
#include "runner/record_lab.h"
#include "ssh/guest_target.h"
#include "ssh/lab_keys.h"
#include "ssh/ssh_node_shell.h"
#include "worker/dhcp_server.h"
#include "worker/guest_disks.h"
#include "worker/guest_user.h"
#include "worker/warm_start.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

using GuestKeys = std::map<std::string, LabKeys>;  // by node

GuestKeys keys_of(const WorkerRequest& request) {
  GuestKeys keys;
  for (const NodePlan& node : request.lab.nodes)
    keys[node.name] = guest_keys(lab_paths::keys, guest_key_name(node.name, request.images.at(image_key(node)).digest));
  return keys;
}

std::map<std::string, BootFiles> boot_files(const WorkerRequest& request, const GuestKeys& keys,
                                            const GuestUser& user) {
  std::map<std::string, BootFiles> files;
  for (const NodePlan& node : request.lab.nodes) {
    const WorkerImage& image = request.images.at(image_key(node));
    if (node.disk)
      files[node.name] = disk_boot_files(node, image, keys.at(node.name), user);
    else
      files[node.name] = {fs::path(lab_paths::boot) / image.kernel, fs::path(lab_paths::boot) / image.initrd,
                          keys_for_guest(node.name, keys.at(node.name), user)};
  }
  return files;
}

std::map<std::string, SshTarget> targets(const WorkerRequest& request, const GuestKeys& keys) {
  std::map<std::string, SshTarget> all;
  for (const NodePlan& node : request.lab.nodes)
    all[node.name] =
        node_target(request.lab, node, keys.at(node.name),
                    {fs::path(lab_paths::secrets) / node.name, family_of(SystemKind::gnu_linux).tool_path()});
  return all;
}

}  // namespace

OuterPaths outer_paths(const WorkerRequest& request, const fs::path& run_folder, const fs::path& cache_folder) {
  const std::string logs = lab_folder({request.lab.name, request.attempt});
  OuterPaths paths;
  paths.name(fs::path(lab_paths::boot) / "images", cache_folder / "images");
  paths.name(lab_paths::logs, run_folder / logs);
  paths.name(lab_paths::cache, cache_folder);
  paths.name(lab_paths::out, run_folder);
  for (const NodePlan& node : request.lab.nodes)
    if (node.disk && !node.disk->login.key_file.empty())
      paths.name(login_key_of(fs::path(lab_paths::secrets) / node.name), node.disk->login.key_file);
  return paths;
}

void serve_request(const WorkerRequest& request, const ServedLab& served, const std::stop_token& stop) {
  Hypervisor& hypervisor = served.hypervisor;
  const RunFolder folder{fs::path(lab_paths::out)};
  const auto versions = hypervisor.versions();
  const LabAttempt attempt{request.lab.name, request.attempt};
  Environment environment = folder.read_lab_environment(attempt);
  environment.host.insert(versions.begin(), versions.end());
  folder.write_lab_environment(attempt, environment);
  const GuestKeys keys = keys_of(request);
  std::map<std::string, BootFiles> files = boot_files(request, keys, served.user);  // and what opens disks
  SshNodeShell shell(targets(request, keys));
  const DhcpServer dhcp(request.lab);
  LinuxFabric fabric;
  LinuxInjection injection;
  LinuxObservation observation;
  std::optional<WarmStates> saved;
  if (!request.cold)
    saved.emplace(warm_states(lab_paths::cache, request, versions,
                              [&](const std::string& node) { return public_keys(keys.at(node)); }));
  SteadyClock clock;
  Lab lab(request.lab,
          {hypervisor, shell, fabric, injection, observation, served.observer, clock, saved ? &*saved : nullptr},
          request.accelerator, std::move(files), lab_paths::logs, stop);
  if (served.stays)
    serve_lab(lab, folder, served.paths, served.observer, stop);
  else if (request.by_case)
    record_lab(lab, request.lab, folder, served.observer, [&] {
      const auto line = served.lifeline.wait_for_line(stop);
      return line ? std::optional(case_request_from_json(*line)) : std::nullopt;
    });
  else
    record_lab(lab, request.lab, folder, served.observer);
}

}  // namespace offlab
