// What FreeBSD's commands print, line by line.
#pragma once

#include <string>

#include "survey/seen_machine.h"

namespace offlab {

// Knows `ifconfig [-a] [-m] [-v] [LINK]` as FreeBSD prints it, and pfSense and OPNsense with it, indented or not;
// `sysctl net.inet.ip.forwarding net.inet6.ip6.forwarding kern.vm_guest` and the same of a sysctl.conf; `uname -sr`
// and `uname -a`. Another system's ifconfig has no "metric" before its MTU, and is not taken for FreeBSD's.
class FreebsdReader {
 public:
  explicit FreebsdReader(SeenMachine& machine) : machine_(machine) {}

  // A text of its own begins.
  void start() { link_.clear(); }
  // Whether the line says something of a FreeBSD machine.
  bool read(const std::string& line);

 private:
  bool read_link(const std::string& line);
  bool read_system(const std::string& line);
  bool read_about_link(const std::string& line);
  void read_options(const std::string& options);
  void read_address(const std::vector<std::string>& words);
  void add_lower(const std::string& lower);
  void set_kind(const std::string& kind);
  SurveyedLink& link() { return machine_.link_named(link_); }
  // With what its name says of it.
  SurveyedLink& link_by_name(const std::string& name);

  SeenMachine& machine_;
  std::string link_;  // that the lines are about; none outside of ifconfig's
};

}  // namespace offlab
