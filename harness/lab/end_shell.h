// The nodes as the ends of flows: commands run where flows begin and end, which may be a network namespace.
#pragma once

#include "plan/plan.h"
#include "port/node_shell.h"

namespace offlab {

class EndShell : public NodeShell {
 public:
  EndShell(NodeShell& nodes, const LabPlan& lab) : nodes_(nodes), lab_(lab) {}

  void await(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  void connect(const std::string& node, const Deadline& deadline, const std::stop_token& stop) override;
  CommandEnd stream(const std::string& node, const std::string& command, const OutputSink& sink,
                    const Deadline& deadline, const std::stop_token& stop, const std::stop_token& enough) override;

 private:
  NodeShell& nodes_;
  const LabPlan& lab_;
};

}  // namespace offlab
