// NodeShell over SSH.
#pragma once

#include <map>
#include <string>

#include "port/node_shell.h"
#include "ssh/session_pool.h"
#include "ssh/ssh_target.h"

namespace offlab {

class SshNodeShell : public NodeShell {
 public:
  // `targets`: of each node, by its name.
  explicit SshNodeShell(const std::map<std::string, SshTarget>& targets);

  void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink,
                    const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) override;
  CommandResult feed(const std::string& node, const std::string& command, std::string_view input,
                     const Deadline& deadline, const std::stop_token& stop) override;

 private:
  SessionPool& pool(const std::string& node);

  std::map<std::string, SessionPool> pools_;
};

}  // namespace offlab
