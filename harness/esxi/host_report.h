// `offlab host report`: what an ESXi host prints for the commands that offlab reads, as it prints it. Read only.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "base/clock.h"
#include "model/host_report.h"
#include "port/node_shell.h"

namespace offlab {

// Each command with its exit status, stdout and stderr; one that the host does not have says so. The keys of LRO are
// shown in every form that esxcli has, and a key that does not exist, to see what is said of it.
std::vector<ReportPart> report_by_ssh(NodeShell& shell, Clock& clock, const std::string& host,
                                      const std::stop_token& stop);

// Addresses are replaced, the same one by the same: IPv4 by 192.0.2.N, the last half of a MAC by a number, `names` by
// "esxi-host". Pure.
std::string made_anonymous(std::string text, const std::vector<std::string>& names);

// A compressed tar archive with a file for each part. An old one is replaced. Throws Error.
void write_archive(const std::vector<ReportPart>& parts, const std::filesystem::path& archive,
                   const std::stop_token& stop);

}  // namespace offlab
