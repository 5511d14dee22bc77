// How ssh(1) is called for a host of a pool.
#pragma once

#include <string>
#include <vector>

#include "model/lab_host.h"

namespace offlab {

// ssh asks nobody for anything, and ends when the host does not answer for about ten seconds. `script`: for sh.
std::vector<std::string> ssh_command(const PoolHost& host, const std::string& script);
// The same for a machine whose login shell may be any: the script goes to the far sh over stdin. FreeBSD's csh takes
// no line break within quotes.
std::vector<std::string> ssh_shell(const PoolHost& host, const std::string& script);

// Starts that program there, with these words; ends with HostLink::no_agent where it is missing. `digest`: SHA-256 of
// the program, of which the first 16 digits name it.
std::string program_script(const PoolHost& host, const std::string& digest, const std::string& words);
std::string agent_script(const PoolHost& host, const std::string& digest);
// Puts what comes on stdin where agent_script looks for it; fails when it is another program. The oldest ones go.
std::string install_script(const std::string& digest);

}  // namespace offlab
