#include "worker/open_hosts.h"

#include <cstdlib>
#include <cstring>

#include <fmt/core.h>
#include <sys/prctl.h>

#include "base/error.h"
#include "base/password_source.h"
#include "base/shell_words.h"
#include "esxi/esxcli_power.h"
#include "esxi/esxcli_settings.h"
#include "esxi/host_report.h"
#include "esxi/known_certificates.h"
#include "machine/pktcap.h"
#include "vsphere/https_transport.h"
#include "vsphere/vsphere_power.h"
#include "vsphere/vsphere_report.h"
#include "vsphere/vsphere_settings.h"
#include "worker/machine_shell.h"

namespace offlab {
namespace {

using std::chrono::seconds;

constexpr seconds answer_limit{10};

std::vector<ReportPart> anonymous(std::vector<ReportPart> parts, const std::vector<std::string>& names) {
  for (ReportPart& part : parts) part.text = made_anonymous(std::move(part.text), names);
  return parts;
}

class HostBySsh : public OpenHosts {
 public:
  HostBySsh(const MachineLogin& login, const std::string& name, Clock& clock, const std::stop_token& stop)
      : clock_(clock),
        name_(name),
        address_(login.address),
        shell_(machine_shell(name, login)),
        settings_(*shell_, clock, name),
        power_(*shell_, clock, name) {
    shell_->connect(name, Deadline("ssh on " + name, answer_limit, clock), stop);
  }
  HostSettings& settings() override { return settings_; }
  HostPower& power() override { return power_; }
  std::uint64_t capture(const std::string& place, std::uint32_t snap_length, std::chrono::seconds longest,
                        const OutputSink& sink, const std::stop_token& enough) override {
    const CommandEnd end =
        shell_->stream(name_, pktcap_script(place, snap_length, "", longest), sink,
                       Deadline("pktcap-uw on " + name_, longest + answer_limit, clock_), {}, enough);
    const auto dropped = dropped_by_pktcap(end.errors);
    if (!dropped)
      throw Error(fmt::format("capture at {} on {}: {}", place, name_, without_last_ends_of_line(end.errors)));
    return *dropped;
  }
  std::vector<ReportPart> report(const std::stop_token& stop) override {
    return anonymous(report_by_ssh(*shell_, clock_, name_, stop), {name_, address_});
  }

 private:
  Clock& clock_;
  std::string name_;
  std::string address_;
  std::unique_ptr<NodeShell> shell_;
  EsxcliSettings settings_;
  EsxcliPower power_;
};

std::string password_of(const VsphereLogin& login, const std::string& server, HostQuestions& questions) {
  if (!login.password_file.empty()) return password_in_file(login.password_file);
  if (login.password_variable.empty()) return questions.password(login.user, server);
  char* value = password_in_environment(login.password_variable, server);
  std::string password = value;
  // No child needs it, and /proc/PID/environ shows what a process was started with, as it is now.
  explicit_bzero(value, password.size());
  unsetenv(login.password_variable.c_str());
  return password;
}

HttpsServer trusted_server(const VsphereLogin& login, const std::string& server, const KnownCertificates& known,
                           HostQuestions& questions) {
  HttpsServer https{login.address, login.port, login.ca_file, login.fingerprint};
  if (!https.ca_file.empty() || !https.fingerprint.empty()) return https;
  https.fingerprint = known.fingerprint_of(server);
  if (!https.fingerprint.empty()) return https;
  const std::string seen = HttpsTransport::seen_fingerprint(login.address, login.port);
  if (!questions.trust(server, fingerprint_words(seen)))
    throw Error(fmt::format("the certificate of {} is not trusted; nothing was sent", server));
  known.trust(server, seen);
  https.fingerprint = seen;
  return https;
}

class HostsByApi : public OpenHosts {
 public:
  HostsByApi(const VsphereLogin& login, const std::string& server, const KnownCertificates& known,
             HostQuestions& questions, Clock& clock)
      : transport_(trusted_server(login, server, known, questions)),
        session_(transport_, server, login.user, password_of(login, server, questions),
                 [&questions](const std::string& text) { questions.note(text); }),
        settings_(session_, {login.hosts, login.cluster}, [this] { transport_.allow(answer_limit); }),
        power_(session_, settings_, clock, [this] { transport_.try_again(answer_limit); }) {
    transport_.allow(answer_limit);
    session_.login();
    settings_.hosts();
  }
  HostSettings& settings() override { return settings_; }
  HostPower& power() override { return power_; }
  std::uint64_t capture(const std::string&, std::uint32_t, std::chrono::seconds, const OutputSink&,
                        const std::stop_token&) override {
    throw Error("the vSphere API makes no captures", "a file with [esxi]: over SSH");
  }
  std::vector<ReportPart> report(const std::stop_token&) override {
    std::vector<std::string> names = settings_.hosts();
    names.push_back(session_.name());
    return anonymous(report_by_api(session_, settings_, esxi_keys()), names);
  }

 private:
  HttpsTransport transport_;
  VsphereSession session_;
  VsphereSettings settings_;
  VspherePower power_;
};

}  // namespace

std::string server_name(const EsxiHosts& hosts) {
  constexpr std::uint16_t ssh_port = 22;
  constexpr std::uint16_t https_port = 443;
  const std::uint16_t port = hosts.ssh ? hosts.ssh->login.port : hosts.api->port;
  const bool is_usual = port == (hosts.ssh ? ssh_port : https_port);
  return is_usual ? hosts.address() : fmt::format("{}:{}", hosts.address(), port);
}

std::unique_ptr<OpenHosts> open_hosts(const EsxiHosts& hosts, const std::filesystem::path& folder,
                                      HostQuestions& questions, Clock& clock, const std::stop_token& stop) {
  // A limit of the core's size is no help where cores are piped to a program.
  prctl(PR_SET_DUMPABLE, 0);
  if (hosts.ssh) return std::make_unique<HostBySsh>(*hosts.ssh, server_name(hosts), clock, stop);
  return std::make_unique<HostsByApi>(*hosts.api, server_name(hosts), KnownCertificates(folder), questions, clock);
}

}  // namespace offlab
