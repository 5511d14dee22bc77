// How a machine that exists is reached: the user's own keys, known hosts and jump hosts.
#pragma once

#include <string>

#include "model/existing_machine.h"
#include "ssh/ssh_target.h"

namespace offlab {

// Without a key or a password: the keys of ssh-agent where one runs, otherwise those in ~/.ssh. Jump hosts are logged
// in to with the same. `path`: as in SshTarget. Throws Error where nothing can open it.
SshTarget machine_target(const MachineLogin& machine, const std::string& path);

// "admin@bastion:2222", "[2001:db8::1]:22", "bastion": the user is `user` and the port 22 where they are left out.
// Throws Error for what is none.
SshServer parse_jump(const std::string& text, const std::string& user);

}  // namespace offlab
