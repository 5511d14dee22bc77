// A lab's own network, PID and mount namespaces (and a user namespace for an ordinary user). The kernel removes
// everything in them when their first process dies, however it dies.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

#include "base/handle.h"

namespace offlab {

// Where things are inside the lab's mount namespace: on a tmpfs that nobody else sees.
namespace lab_paths {
inline constexpr const char* out = "/run/offlab/out";      // the run folder
inline constexpr const char* cache = "/run/offlab/cache";  // offlab's cache folder
inline constexpr const char* libvirt = "/run/offlab/v";  // libvirt's root; short, its sockets are limited to 108 bytes
inline constexpr const char* boot = "/run/offlab/boot";  // what guests' QEMUs read: CACHE/images, and their keys
inline constexpr const char* keys = "/run/offlab/cache/keys";  // of all labs of this cache
inline constexpr const char* disks = "/run/offlab/disks";      // what guests with disks write: a tmpfs of its own
inline constexpr const char* logs = "/run/offlab/logs";  // the lab's part of the run folder, by a name all labs share
inline constexpr const char* secrets = "/run/offlab/secrets";  // what opens the systems of disks, by node
}  // namespace lab_paths

enum class Isolation {
  lab,        // network, processes, mounts
  hosted,     // network, mounts; the processes stay the host's, whose libvirtd starts the guests. Root only
  processes,  // processes, mounts; the network stays the host's
  none,       // a process like any other: it outlives whoever started it, and has to watch its stdin
};

struct IsolatedProcess {
  pid_t pid = -1;
  UniqueFd input;   // its stdin
  UniqueFd output;  // its stdout
};

// Starts this program again with `arguments` as the first process of new namespaces; stderr goes to `error_log`.
// It is killed when the calling thread ends. Throws Error with a remedy when the host does not allow it.
IsolatedProcess spawn_isolated(const std::vector<std::string>& arguments, Isolation isolation,
                               const std::filesystem::path& error_log);

// To be called first thing in that process, for Isolation::lab. Mounts what a lab needs, then forks: the child returns
// and does the work, the first process stays behind to reap orphans and ends as the child ends.
void enter_lab(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder);
// The same for Isolation::hosted; nothing is forked. `shared` is a folder of the host, made if need be, that the lab
// has by the same name; libvirt's socket and its logs of domains are in their places. Gives the network namespace that
// the process that started this one is in: libvirtd's.
UniqueFd enter_hosted_lab(const std::filesystem::path& run_folder, const std::filesystem::path& cache_folder,
                          const std::filesystem::path& shared);
// The same for Isolation::processes.
void enter_processes();

// Inside a lab: the folder is at that place, too, from here on. Throws Error.
void show_folder(const std::filesystem::path& folder, const std::filesystem::path& place);

// Inside a lab: nobody can use the device from here on. Nothing happens when there is none. Throws Error.
void hide_device(const char* device);

// Inside a lab: the device belongs to that user from here on. False where it cannot be done: there is none, or this
// process is not the host's root.
bool give_device(const char* device, unsigned user);

// From here on a program that this process starts gets no capabilities but CAP_DAC_OVERRIDE, though it may be root;
// libvirt wants to give that one to the QEMU that it asks what it can do. Throws Error.
void start_programs_without_capabilities();

}  // namespace offlab
