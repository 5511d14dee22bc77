// The commands that a machine takes: one row for each family of systems. Whatever offlab asks of a machine that exists
// is asked in these words, in a POSIX shell, and nothing else knows which system it is.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/address.h"
#include "model/system_kind.h"

namespace offlab {

class GuestFamily {
 public:
  GuestFamily() = default;
  GuestFamily(const GuestFamily&) = delete;
  GuestFamily& operator=(const GuestFamily&) = delete;
  virtual ~GuestFamily() = default;

  // What every run with such a machine has to say; empty: nothing.
  virtual std::string warning() const = 0;

  // Folders that are looked into first for programs, with ':' between them.
  virtual std::string tool_path() const = 0;
  // Makes the folder for what offlab brings, and goes there; ends without "&&".
  virtual std::string enter_tool_folder() const = 0;
  // Takes it away, and nothing that is not ours.
  virtual std::string remove_tools() const = 0;
  // Of guest-images: takes offlab-state's words and prints its sections. Empty: offlab-state itself runs there.
  virtual std::string state_script() const = 0;
  // Gone after a boot. The shell's words for it, which may find out where it is: "d=...; " makes $d.
  virtual std::string lock_folder() const = 0;
  virtual std::string lock_name() const = 0;  // for people

  // Prints the sections that parse_guest_report() reads (lab/guest_report.h).
  virtual std::string report_script() const = 0;
  // The sysctl that switches forwarding, for people.
  virtual std::string forwarding_name(Family family) const = 0;

  // Writes a line to the kernel's log, where offlab-state looks for it; ends with a line break.
  virtual std::string write_log(const std::string& line) const = 0;
  // Prints "NIC RECEIVED SENT" in bytes of each NIC, ten times a second; ends by itself after so many rounds.
  virtual std::string count_bytes(const std::vector<std::string>& devices, int rounds) const = 0;
  // Prints the NIC's MAC address.
  virtual std::string show_mac(const std::string& device) const = 0;
  // What this system's tcpdump takes beside the usual; a blank behind it.
  virtual std::string tcpdump_words() const = 0;

  // Prints what tells one boot from another.
  virtual std::string show_boot() const = 0;
  // Shows a NIC's offloads: "ethtool -k". The NIC's name follows.
  virtual std::string show_offloads() const = 0;
  // What that printed: what can be switched, by the names that switch_back() takes.
  virtual std::map<std::string, bool> offloads_in(const std::string& text) const = 0;
  virtual std::string switch_back(const std::string& device, const std::string& name, bool on) const = 0;
  // Prints the MTU alone.
  virtual std::string show_mtu(const std::string& device) const = 0;
  virtual std::string set_mtu(const std::string& device, unsigned mtu) const = 0;

  // Switches offloads: "ethtool -K". The NIC's name and words of offload_word() follow.
  virtual std::string switch_offloads() const = 0;
  // `feature` by ethtool's short name: "lro off", "-lro". Empty: the system has no word for it.
  virtual std::string offload_word(const std::string& feature, bool on) const = 0;
};

const GuestFamily& family_of(SystemKind kind);

}  // namespace offlab
