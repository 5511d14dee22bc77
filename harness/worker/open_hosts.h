// Connections to the hosts of an ESXi lab, whichever way they are reached.
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <string>

#include "base/clock.h"
#include "model/esxi_host.h"
#include "model/host_report.h"
#include "port/host_power.h"
#include "port/host_settings.h"
#include "port/node_shell.h"

namespace offlab {

// What the user is asked, and told, while a host is reached.
class HostQuestions {
 public:
  virtual ~HostQuestions() = default;
  // Throws where nobody is there to answer.
  virtual std::string password(const std::string& user, const std::string& server) = 0;
  // Is this the server's certificate? `fingerprint` in words, as openssl prints it. Throws where nobody is there.
  virtual bool trust(const std::string& server, const std::string& fingerprint) = 0;
  virtual void note(const std::string& text) = 0;
};

class OpenHosts {
 public:
  virtual ~OpenHosts() = default;
  virtual HostSettings& settings() = 0;
  virtual HostPower& power() = 0;
  // Frames at a place of the host (machine/pktcap.h) as they pass, as a capture file in chunks. Ends after `longest`,
  // or when `enough` is asked for. Gives how many frames the host dropped. Throws Error; through the API there is none.
  virtual std::uint64_t capture(const std::string& place, std::uint32_t snap_length, std::chrono::seconds longest,
                                const OutputSink& sink, const std::stop_token& enough) = 0;
  // What the hosts say of themselves, addresses made anonymous.
  virtual std::vector<ReportPart> report(const std::stop_token& stop) = 0;
};

// "esx-1.example.net", with the port where it is not the usual one.
std::string server_name(const EsxiHosts& hosts);

// Logs in. `folder`: what is kept of hosts, CACHE/esxi. Passwords are in this process's memory from now on, so it
// leaves no core dump. Throws Error.
std::unique_ptr<OpenHosts> open_hosts(const EsxiHosts& hosts, const std::filesystem::path& folder,
                                      HostQuestions& questions, Clock& clock, const std::stop_token& stop);

}  // namespace offlab
