#include "cli/host_session.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/host_name.h"
#include "cli/agree.h"
#include "model/esxi_time.h"
#include "session/esxi_host.h"
#include "session/paths.h"

namespace offlab {
namespace {

void tell(const std::string& text) {
  clean_print(stdout, "{}\n", text);
  std::fflush(stdout);
}

}  // namespace

HostSession::HostSession(const std::string& file, const char* what)
    : hosts_(load_usable_esxi_host(file)),
      journal_(cache_folder() / "esxi", server_name(hosts_),
               fmt::format("offlab {} ({}, process {})", what, user_at_host(), getpid()), hosts_.file),
      open_(open_hosts(hosts_, cache_folder() / "esxi", questions_, clock_, signals_.token())),
      change_(open_->settings(), open_->power(), journal_, hosts_.change, clock_,
              {[this](const std::string& host, const std::string& key, std::int64_t was, std::int64_t now) {
                 ++switched_;
                 tell(fmt::format("{}: {} {} -> {}", host, key, was, now));
               },
               tell}) {}

void HostSession::agree(const std::string& prefix, bool yes) const {
  const EsxiSwitch& how = hosts_.change;
  if (how.reboot == EsxiReboot::none || yes) return;
  const bool is_host = how.reboot == EsxiReboot::host_reboot;
  clean_print(stderr, "{}{}: shuts down {}, {}starts {}; at most {:.0f} min\n", prefix, server_name(hosts_),
              fmt::format("{}", fmt::join(how.machines, ", ")), is_host ? "reboots the host, " : "",
              how.machines.size() == 1 ? "it" : "them", longest_seconds(how) / 60);
  offlab::agree("do it?", yes);
}

bool HostSession::bring_back() {
  const auto left = change_.give_back(signals_.token());
  for (const std::string& one : left) clean_print(stderr, "not brought back: {}\n", one);
  if (left.empty()) clean_print(stdout, "{}: everything is as it was\n", server_name(hosts_));
  return left.empty();
}

bool HostSession::bring_back_unfinished() {
  if (!journal_.is_unfinished()) return true;
  fmt::print(stderr, "an earlier change was cut off; what it has left goes back\n");
  return bring_back();
}

void HostSession::say_unfinished() const {
  if (journal_.is_unfinished())
    clean_print(stderr,
                "an earlier change was cut off; this brings back what it has left: offlab host lro restore --host {}\n",
                hosts_.file);
}

}  // namespace offlab
