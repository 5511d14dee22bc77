#include "session/ssh_command.h"

#include <fmt/core.h>

#include "base/shell_words.h"
#include "executor/host_link.h"

namespace offlab {
namespace {

constexpr int kept_there = 5;  // of this and earlier versions

std::string folder_of(const std::string& digest) {
  return fmt::format("$HOME/.cache/offlab-agent/{}", digest.substr(0, 16));
}

std::vector<std::string> ssh_to(const PoolHost& host, std::string remote) {
  std::vector<std::string> command = {"ssh", "-T"};
  for (const char* option : {"BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=3", "ServerAliveCountMax=3"}) {
    command.emplace_back("-o");
    command.emplace_back(option);
  }
  const auto add = [&](const char* flag, const std::string& value) {
    if (value.empty()) return;
    command.emplace_back(flag);
    command.push_back(value);
  };
  add("-F", host.ssh_config);
  add("-p", host.port ? std::to_string(*host.port) : "");
  add("-J", host.jump);
  add("-l", host.user);
  command.emplace_back("--");
  command.push_back(host.address);
  command.push_back(std::move(remote));
  return command;
}

}  // namespace

std::vector<std::string> ssh_command(const PoolHost& host, const std::string& script) {
  return ssh_to(host, "exec sh -c " + shell_quoted(script));
}

std::vector<std::string> ssh_shell(const PoolHost& host, const std::string& script) {
  std::vector<std::string> command = {"sh", "-c", R"(script=$1; shift; printf '%s\n' "$script" | exec "$@")", "sh",
                                      script};
  for (std::string& word : ssh_to(host, "exec sh -s")) command.push_back(std::move(word));
  return command;
}

std::string program_script(const PoolHost& host, const std::string& digest, const std::string& words) {
  return fmt::format(R"(p="{}/offlab"; [ -x "$p" ] || exit {}; exec {}env {}"$p" {})", folder_of(digest),
                     HostLink::no_agent, host.sudo ? "sudo -n " : "",
                     host.cache.empty() ? "" : "OFFLAB_CACHE=" + shell_quoted(host.cache) + " ", words);
}

std::string agent_script(const PoolHost& host, const std::string& digest) {
  return program_script(host, digest, "agent --stdio");
}

std::string install_script(const std::string& digest) {
  return fmt::format(R"sh(set -e; d="{}"; mkdir -p "$d"; cat > "$d/new.$$"
if [ "$(sha256sum < "$d/new.$$" | cut -c 1-16)" != {} ]; then
  rm "$d/new.$$"; echo 'the program came damaged' >&2; exit 1
fi
chmod 755 "$d/new.$$"; mv "$d/new.$$" "$d/offlab"
cd "$HOME/.cache/offlab-agent"; ls -t | tail -n +{} | xargs -r rm -r --)sh",
                     folder_of(digest), digest.substr(0, 16), kept_there + 1);
}

}  // namespace offlab
