// Who the QEMUs of a lab run as, and what they may read.
#pragma once

#include <map>
#include <string>

#include "libvirt/libvirt_hypervisor.h"
#include "ssh/lab_keys.h"

namespace offlab {

// A user of their own, which owns nothing but, under KVM, its own /dev/kvm. Where that cannot be made (an ordinary user
// under KVM), or the user namespace has no such user: root of the lab's namespace, nearly without capabilities
// (start_programs_without_capabilities).
GuestUser choose_guest_user(Accelerator accelerator);

// Copies of a guest's keys that only that user can read. Throws Error.
std::map<std::string, std::string> keys_for_guest(const std::string& node, const LabKeys& keys, const GuestUser& user);

}  // namespace offlab
