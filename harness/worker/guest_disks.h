// Guests that boot a disk: their files inside a lab.
#pragma once

#include <string>

#include "lab/lab.h"
#include "libvirt/libvirt_hypervisor.h"
#include "record/worker_request.h"
#include "ssh/lab_keys.h"

namespace offlab {

// An overlay of the disk, or a copy of a saved one, and UEFI's variables where the guest has some: files that `user`
// can write, on a tmpfs of the lab's. Throws Error.
void make_overlay(const DomainDisk& disk, const std::string& saved, const GuestUser& user);

// With a seed for cloud-init where the recipe asks for one, and what opens the guest. Throws Error.
BootFiles disk_boot_files(const NodePlan& node, const WorkerImage& image, const LabKeys& keys, const GuestUser& user);

// The files of a NoCloud seed, by name (cloud-init's documentation, "NoCloud"): the user with this key, the SSH host
// key, DHCP on the management NIC and nothing on any other.
std::map<std::string, std::string> seed_files(const NodePlan& node, const std::string& user_key,
                                              const std::string& private_host_key, const std::string& public_host_key);

}  // namespace offlab
