#include "worker/host_lro.h"

#include <fmt/core.h>

#include "base/error.h"
#include "worker/machine_shell.h"

namespace offlab {

// What is asked of the user goes there; what a host has to say is a note of the run.
struct EsxiLro::Hosts {
  Hosts(const EsxiHosts& file, EsxiLro& self)
      : name(server_name(file)),
        change_of(file.change),
        journal(self.folder_, name, self.owner_, file.file),
        open(open_hosts(file, self.folder_, self.questions_, self.clock_, self.stop_)),
        change(open->settings(), open->power(), journal, change_of, self.clock_,
               {[](const auto&, const auto&, auto, auto) {},
                [this, &self](const std::string& text) { self.tell(fmt::format("{} ({})", text, phase)); }}) {}

  std::string name;
  EsxiSwitch change_of;
  SettingsJournal journal;
  std::unique_ptr<OpenHosts> open;
  HostChange change;
  std::optional<bool> on = {};  // what the hosts were brought to
  bool is_of_others = false;    // `offlab host lro set` has changed them: what it did stays
  std::string phase = {};       // "LRO off", "the way back": the same steps are told twice
};

EsxiLro::EsxiLro(std::filesystem::path folder, std::string owner, Loader load, HostQuestions& questions,
                 Observer& observer, std::stop_token stop)
    : folder_(std::move(folder)),
      owner_(std::move(owner)),
      load_(std::move(load)),
      questions_(questions),
      observer_(observer),
      stop_(std::move(stop)) {}

EsxiLro::~EsxiLro() {
  EsxiLro::give_back();
}

void EsxiLro::tell(const std::string& text) {
  observer_.on(event::Note{text});
}

void EsxiLro::open(const HostLro& wanted) {
  EsxiHosts file = load_(wanted.file);
  file.change = wanted.change;  // as it was planned and agreed to
  hosts_ = std::make_unique<Hosts>(file, *this);
  SettingsJournal& journal = hosts_->journal;
  if (!journal.is_unfinished()) {
    hosts_->is_of_others = !journal.is_empty();
    return;
  }
  tell(fmt::format("{}: an earlier change was cut off; what it has left goes back", hosts_->name));
  hosts_->phase = "what was left";
  for (const std::string& left : hosts_->change.give_back(stop_))
    throw Error(fmt::format("not brought back: {}", left));
}

void EsxiLro::bring_to(const HostLro& wanted, const std::vector<std::pair<std::string, MachineLogin>>& machines) {
  if (!hosts_) open(wanted);
  if (hosts_->on == wanted.on) return;
  if (hosts_->is_of_others) {
    if (!hosts_->change.has(wanted.on ? 1 : 0))
      throw Error(fmt::format("the settings of {} were switched by `offlab host lro set`, and this case wants others",
                              hosts_->name),
                  fmt::format("offlab host lro restore --host {}", wanted.file));
    tell(fmt::format("{}: LRO is {} by `offlab host lro set`, and stays so", hosts_->name, wanted.on ? "on" : "off"));
    hosts_->on = wanted.on;
    return;
  }
  hosts_->phase = wanted.on ? "LRO on" : "LRO off";
  const unsigned before = hosts_->change.reboots();
  hosts_->change.switch_to(wanted.on ? 1 : 0, stop_);
  hosts_->on = wanted.on;
  const bool rebooted = hosts_->change.reboots() != before;
  tell(fmt::format("{}: LRO {} is stored{}; whether it is in force is seen in the captures", hosts_->name,
                   wanted.on ? "on" : "off",
                   !rebooted                                            ? ", without a reboot"
                   : wanted.change.reboot == EsxiReboot::vm_power_cycle ? ", its machines were stopped and started"
                                                                        : ", the host was rebooted"));
  if (wanted.change.reboot == EsxiReboot::none)
    for (const std::string& impact : hosts_->change.impacts())
      tell(fmt::format("the host says what a change takes: {}", impact));
  if (!rebooted) return;
  for (const auto& [name, login] : machines)
    machine_shell(name, login)
        ->connect(name,
                  Deadline(fmt::format("'{}' to answer again", name), as_wait(wanted.change.machine_seconds), clock_),
                  stop_);
}

void EsxiLro::give_back() noexcept try {
  if (!hosts_) return;
  const std::unique_ptr<Hosts> hosts = std::move(hosts_);
  if (hosts->journal.is_empty() || hosts->is_of_others) return;
  tell(fmt::format("{}: its settings go back", hosts->name));
  hosts->phase = "the way back";
  const std::vector<std::string> all_left = hosts->change.give_back({});
  for (const std::string& left : all_left)
    tell(fmt::format("not brought back: {}; try `offlab host lro restore`", left));
  if (all_left.empty()) tell(fmt::format("{}: the settings are as they were", hosts->name));
} catch (const std::exception& error) {
  try {
    tell(fmt::format("the hosts' settings are not brought back: {}; try `offlab host lro restore`", error.what()));
  } catch (const std::exception&) {  // nobody hears it; the journal stays
  }
}

}  // namespace offlab
