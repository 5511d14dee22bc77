#include "worker/machine_shell.h"

#include <map>

#include "family/guest_family.h"
#include "ssh/ssh_node_shell.h"

namespace offlab {

SshTarget target_of(const MachineLogin& login) {
  return machine_target(login, family_of(login.system).tool_path());
}

std::unique_ptr<NodeShell> machine_shell(const std::string& node, const MachineLogin& login) {
  return std::make_unique<SshNodeShell>(std::map<std::string, SshTarget>{{node, target_of(login)}});
}

}  // namespace offlab
