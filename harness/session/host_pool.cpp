#include "session/host_pool.h"

#include <algorithm>
#include <future>
#include <set>

#include <fmt/ranges.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/host_name.h"
#include "base/shell_words.h"
#include "base/usage_error.h"
#include "config/parse_hosts.h"
#include "executor/host_link.h"
#include "plan/split_labs.h"
#include "process/subprocess.h"
#include "session/named_files.h"
#include "session/paths.h"
#include "session/prepared_host.h"
#include "session/ssh_command.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds time_to_install{120};

// "root@ci-1, run 20261129-150000-demo".
std::string owner_of(const fs::path& run_folder) {
  return fmt::format("{}, run {} ({})", user_at_host(), run_folder.filename().string(), getpid());
}

// "images/debian-12/27a0882ddefeb5e5/vmlinux" -> "debian-12/27a0882ddefeb5e5".
std::string image_of(const WorkerImage& image) {
  return fs::path(image.disk.empty() ? image.kernel : image.disk).parent_path().lexically_relative("images").string();
}

// One to try KVM with. The ends of flows boot images of ours, so that there always is one.
const WorkerImage& with_kernel(const std::map<std::string, WorkerImage>& images) {
  for (const auto& [key, image] : images)
    if (image.disk.empty()) return image;
  return images.begin()->second;
}

struct Connected {
  struct Slot {
    std::unique_ptr<HostLink> link;
    std::map<std::string, std::string> about;  // the account of the host
  };
  std::vector<Slot> slots = {};
  std::vector<std::string> notes = {};
  std::string lost = {};        // why there are no more slots
  bool to_be_reopened = false;  // the program was brought along
};

// To the agents of a host, one for each of its slots.
class Connection {
 public:
  // Returns at once; whatever goes wrong is told by begin().
  Connection(const PoolHost& host, const std::string& digest, const RunFolder& folder, std::stop_token stop)
      : host_(&host), digest_(&digest), folder_(&folder), stop_(std::move(stop)) {
    open();
  }

  // By the thread that stays: ssh ends with the thread that started it.
  void open() {
    links_.clear();
    try {
      for (unsigned slot = 1; slot <= host_->slots; ++slot) links_.push_back(open_slot(slot));
    } catch (const PlaceLost& error) {
      failure_ = with_remedy(error);
    }
  }

  // Brings the program along where it is missing: then all begins again with open(). Brings images along, and has an
  // accelerator chosen.
  Connected begin(const std::map<std::string, WorkerImage>& images) {
    Connected host{.lost = failure_};
    std::set<std::string> names;
    for (const auto& [key, image] : images) names.insert(image_of(image));
    try {
      for (std::size_t i = 0; i < links_.size(); ++i) {
        agent::Begin begin{
            .owner = owner_of(folder_->path()), .slot = static_cast<unsigned>(i) + 1, .slots = host_->slots};
        begin.images.assign(names.begin(), names.end());
        const auto ready = links_[i]->begin(begin);
        if (!ready) return without_program();
        auto about = introduce(*links_[i], *ready, names, with_kernel(images), host.notes);
        host.slots.push_back({std::move(links_[i]), std::move(about)});
      }
    } catch (const PlaceLost& error) {
      host.lost = with_remedy(error);
    }
    return host;
  }

 private:
  static std::string with_remedy(const Error& error) {
    return error.what() + (error.remedy().empty() ? "" : " (" + error.remedy() + ")");
  }

  fs::path log_of(unsigned slot) const {
    return folder_->make_folder("hosts") / fmt::format("{}-{}.log", host_->name, slot);
  }

  std::unique_ptr<HostLink> open_slot(unsigned slot) const {
    return std::make_unique<HostLink>(host_->name, ssh_command(*host_, agent_script(*host_, *digest_)), folder_->path(),
                                      log_of(slot), stop_);
  }

  Connected without_program() {
    if (installed_)
      throw PlaceLost(fmt::format("host {}: the program that was brought along is not there", host_->name));
    install_program(host_->name, ssh_command(*host_, install_script(*digest_)), log_of(1), time_to_install, stop_);
    installed_ = true;
    return {.to_be_reopened = true};
  }

  std::map<std::string, std::string> introduce(HostLink& link, const agent::Ready& ready,
                                               const std::set<std::string>& images, const WorkerImage& first,
                                               std::vector<std::string>& notes) const {
    for (const std::string& name : images)
      if (std::find(ready.images.begin(), ready.images.end(), name) == ready.images.end())
        link.send_image(name, cache_folder() / "images" / name);
    agent::Chosen chosen = link.choose({host_->accelerator, first.kernel, first.initrd, first.digest});
    notes.insert(notes.end(), chosen.notes.begin(), chosen.notes.end());
    return std::move(chosen.host);
  }

  const PoolHost* host_;
  const std::string* digest_;
  const RunFolder* folder_;
  std::stop_token stop_;
  std::vector<std::unique_ptr<HostLink>> links_;
  std::string failure_;
  bool installed_ = false;
};

class HostPool : public RunPlaceFinder {
 public:
  explicit HostPool(PoolChoices choices) : choices_(std::move(choices)), hosts_(load_hosts(choices_)) {}

  Observability observable() const override { return {}; }
  void accept(const RunPlan& plan) override { recipes_ = recipes_of(plan.labs); }
  RunPlan arranged(RunPlan plan) const override {
    std::size_t slots = 0;
    for (const PoolHost& one : hosts_) slots += one.slots;
    return split_labs(std::move(plan), slots);
  }

  RunPlace prepare(const RunPlan& plan, const RunFolder& folder, Observer& observer,
                   const std::stop_token& stop) override {
    // They log in while the images are made ready here.
    std::vector<Connection> connections;
    for (const PoolHost& host : hosts_) connections.emplace_back(host, digest_, folder, stop);
    RunPlace place;
    PreparedHost here =
        prepare_host(plan.labs, recipes_, cache_folder(), folder.path(), "tcg", choices_.image_digests, observer, stop);
    place.environment = std::move(here.environment);
    RemoteLabsOptions options{.run_folder = folder.path(),
                              .images = std::move(here.worker_images),
                              .environments = std::move(here.labs),
                              .cold = choices_.cold};
    std::vector<std::future<Connected>> answers;
    answers.reserve(connections.size());
    const auto begin = [&](Connection& one) {
      return std::async(std::launch::async, [&] { return one.begin(options.images); });
    };
    for (Connection& one : connections) answers.push_back(begin(one));
    std::vector<Connected> connected;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      connected.push_back(answers[i].get());
      if (!connected[i].to_be_reopened) continue;
      connections[i].open();
      answers[i] = begin(connections[i]);
    }
    std::map<std::string, std::set<std::string>> account;
    std::vector<std::string> lost;
    for (std::size_t i = 0; i < connections.size(); ++i) {
      Connected& host = connected[i];
      if (host.to_be_reopened) host = answers[i].get();
      const std::string& name = hosts_[i].name;
      for (const std::string& note : host.notes) observer.on(event::Note{fmt::format("{}: {}", name, note)});
      if (!host.lost.empty()) {
        observer.on(event::Note{fmt::format(
            "{}; {}", host.lost,
            host.slots.empty() ? std::string("it is not used")
                               : fmt::format("of its {} slots, {} are used", hosts_[i].slots, host.slots.size()))});
        lost.push_back(std::move(host.lost));
      }
      for (auto& [link, about] : host.slots) {
        options.host = std::move(about);
        options.hosted = hosts_[i].hosted;
        options.owner = owner_of(folder.path());
        for (const char* key : {"accel", "kernel", "cpus"}) account[key].insert(options.host[key]);
        account["hosts"].insert(name);
        place.labs.push_back(std::make_unique<RemoteLabs>(std::move(link), options, observer));
      }
    }
    if (place.labs.empty()) throw Error(fmt::format("no host can be used: {}", fmt::join(lost, "; ")));
    for (const auto& [key, values] : account) place.environment.host[key] = fmt::format("{}", fmt::join(values, " "));
    return place;
  }

 private:
  PoolChoices choices_;
  std::vector<PoolHost> hosts_;
  ImageRecipes recipes_;
  std::string digest_ = sha256_hex_of_file("/proc/self/exe");
};

}  // namespace

std::vector<PoolHost> load_hosts(const PoolChoices& choices) {
  if (choices.host) return {*choices.host};
  const std::string text = read_named_file(choices.file);
  ParsedHosts parsed = parse_hosts(text, choices.file);
  if (!parsed.hosts) throw UsageError(render(parsed.diagnostics, text));
  std::vector<PoolHost> hosts;
  for (PoolHost& one : *parsed.hosts) {
    if (!one.ssh_config.empty()) one.ssh_config = (fs::path(choices.file).parent_path() / one.ssh_config).string();
    const auto has = [&](const std::string& tag) {
      return tag == one.name || std::find(one.tags.begin(), one.tags.end(), tag) != one.tags.end();
    };
    if (std::all_of(choices.tags.begin(), choices.tags.end(), has)) hosts.push_back(std::move(one));
  }
  if (hosts.empty())
    throw UsageError(
        fmt::format("error: {} has no host with the tags {}\n", choices.file, fmt::join(choices.tags, ", ")));
  return hosts;
}

std::string run_on_host(const PoolHost& host, const std::string& words, std::chrono::seconds limit,
                        const std::function<void(const std::string&)>& on_error_line) {
  const std::string digest = sha256_hex_of_file("/proc/self/exe");
  const auto ask = [&] {
    return run_program(ssh_command(host, program_script(host, digest, words)), Deadline(host.name, limit), {},
                       on_error_line);
  };
  ProgramResult result = ask();
  if (result.exit_status == HostLink::no_agent) {
    install_program(host.name, ssh_command(host, install_script(digest)), "/dev/null", time_to_install, {});
    result = ask();
  }
  if (result.exit_status != 0)
    throw Error(fmt::format("host {}: `offlab {}` ended with status {}", host.name, words, result.exit_status));
  return result.output;
}

std::unique_ptr<RunPlaceFinder> host_pool(const PoolChoices& choices) {
  return std::make_unique<HostPool>(choices);
}

}  // namespace offlab
