// How the machines of a lab that exist, and the hosts below them where frames are captured, are reached.
#pragma once

#include <map>
#include <stop_token>
#include <string>

#include "plan/plan.h"
#include "port/node_shell.h"
#include "ssh/ssh_target.h"

namespace offlab {

// What NodeShell calls a host that captures.
std::string shell_name(const CaptureHost& capture);
// Of all machines and all such hosts, by those names.
std::map<std::string, SshTarget> targets_of(const LabPlan& lab);
// With each place of a capture looked for. Throws Error.
void connect_capture_hosts(const LabPlan& lab, NodeShell& shell, Clock& clock, const std::stop_token& stop);
// Can all of it be reached? Nothing is changed and nothing sent. Throws Error that names the machine.
void check_access(const LabPlan& lab, Clock& clock, const std::stop_token& stop);

}  // namespace offlab
