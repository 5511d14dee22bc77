// NodeShell over SSH: one session a node.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "port/node_shell.h"
#include "ssh/lab_keys.h"
#include "ssh/ssh_session.h"

namespace offlab {

// fe80::.../64 made from a MAC address as EUI-64 (RFC 4291, appendix A). Throws Error when `mac` is none.
std::string link_local_address(const std::string& mac);

class SshNodeShell : public NodeShell {
 public:
  SshNodeShell(const LabKeys& keys, std::map<std::string, SshAddress> addresses);

  void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink,
                    const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) override;

 private:
  struct Guest {
    SshAddress address;
    std::mutex mutex;
    std::unique_ptr<SshSession> session;
  };

  Guest& guest(const std::string& node);

  const LabKeys& keys_;
  std::map<std::string, Guest> guests_;
};

}  // namespace offlab
