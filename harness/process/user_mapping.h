// User namespaces for an ordinary user: sub-ids from /etc/subuid and /etc/subgid, set by newuidmap and newgidmap.
#pragma once

#include <string>

#include <sys/types.h>

namespace offlab {

// The caller's; the number of one without a name.
std::string user_name();

// Maps the caller to root of `process`'s user namespace, and 65536 sub-ids above. Throws Error with a remedy.
void map_user(pid_t process);

// Throws Error with a remedy when the caller has no sub-ids or no newuidmap.
void require_sub_ids();

}  // namespace offlab
