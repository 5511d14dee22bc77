// The Unix socket in a lab's folder over which its worker takes requests: one line of JSON, with or without the
// descriptor of a folder. It is found from outside the lab's namespaces: pathname sockets belong to the file system.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "base/deadline.h"
#include "base/handle.h"

namespace offlab {

struct ControlRequest {
  std::string text;
  UniqueFd folder;  // none when the request came without
};

class ControlListener {
 public:
  // Makes `folder`/control.
  explicit ControlListener(const std::filesystem::path& folder);
  // The next client's connection. Throws Interrupted at a stop.
  UniqueFd accept(const std::stop_token& stop) const;

 private:
  UniqueFd socket_;
};

// Throws Error when nobody listens there.
UniqueFd connect_control(const std::filesystem::path& folder);

// `folder` -1: none. The line must not contain a newline.
void send_request(const UniqueFd& connection, const std::string& line, int folder, const Deadline& deadline,
                  const std::stop_token& stop);
// Throws Error when the client goes away before the line is whole.
ControlRequest receive_request(const UniqueFd& connection, const Deadline& deadline, const std::stop_token& stop);

}  // namespace offlab
