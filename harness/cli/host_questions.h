// Whoever sits at the terminal is asked for passwords and certificates.
#pragma once

#include <string>

#include "worker/open_hosts.h"

namespace offlab {

class TerminalQuestions : public HostQuestions {
 public:
  // Not shown while it is typed. Throws UsageError where there is no terminal.
  std::string password(const std::string& user, const std::string& server) override;
  bool trust(const std::string& server, const std::string& fingerprint) override;
  void note(const std::string& text) override;
};

}  // namespace offlab
