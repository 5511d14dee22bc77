#include "session/host_pool.h"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/ranges.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "config/parse_hosts.h"
#include "executor/host_link.h"
#include "plan/split_labs.h"
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
  std::array<char, 256> name{};
  gethostname(name.data(), name.size() - 1);
  const char* user = std::getenv("USER");
  return fmt::format("{}@{}, run {} ({})", user == nullptr ? "uid " + std::to_string(getuid()) : user, name.data(),
                     run_folder.filename().string(), getpid());
}

// "images/debian-12/27a0882ddefeb5e5/vmlinux" -> "debian-12/27a0882ddefeb5e5".
std::string image_of(const WorkerImage& image) {
  return fs::path(image.kernel).parent_path().lexically_relative("images").string();
}

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
    RunPlace place;
    PreparedHost here =
        prepare_host(plan.labs, recipes_, cache_folder(), folder.path(), "tcg", choices_.image_digests, observer, stop);
    place.environment = std::move(here.environment);
    RemoteLabsOptions options{.run_folder = folder.path(),
                              .images = std::move(here.worker_images),
                              .environments = std::move(here.labs),
                              .cold = choices_.cold};
    std::map<std::string, std::set<std::string>> account;
    std::vector<std::string> lost;
    for (const PoolHost& host : hosts_)
      for (unsigned slot = 1; slot <= host.slots; ++slot) try {
          auto [link, ready] = connect(host, slot, folder, stop);
          options.host = introduce(*link, ready, host, options.images, observer);
          for (const char* key : {"accel", "kernel", "cpus"}) account[key].insert(options.host[key]);
          account["hosts"].insert(host.name);
          place.labs.push_back(std::make_unique<RemoteLabs>(std::move(link), options, observer));
        } catch (const PlaceLost& error) {
          lost.push_back(with_remedy(error));
          observer.on(event::Note{fmt::format("{}; it is not used", lost.back())});
          break;
        }
    if (place.labs.empty()) throw Error(fmt::format("no host can be used: {}", fmt::join(lost, "; ")));
    for (const auto& [key, values] : account) place.environment.host[key] = fmt::format("{}", fmt::join(values, " "));
    return place;
  }

 private:
  using Connected = std::pair<std::unique_ptr<HostLink>, agent::Ready>;

  static std::string with_remedy(const Error& error) {
    return error.what() + (error.remedy().empty() ? "" : " (" + error.remedy() + ")");
  }

  // Brings this program along where it is missing.
  Connected connect(const PoolHost& host, unsigned slot, const RunFolder& folder, const std::stop_token& stop) const {
    const fs::path log = folder.make_folder("hosts") / fmt::format("{}-{}.log", host.name, slot);
    const agent::Begin begin{.owner = owner_of(folder.path()), .slot = slot, .slots = host.slots};
    for (const bool again : {false, true}) {
      auto link = std::make_unique<HostLink>(host.name, ssh_command(host, agent_script(host, digest_)), folder.path(),
                                             log, stop);
      if (auto ready = link->begin(begin)) return {std::move(link), std::move(*ready)};
      if (!again) install_program(host.name, ssh_command(host, install_script(digest_)), log, time_to_install, stop);
    }
    throw PlaceLost(fmt::format("host {}: the program that was brought along is not there", host.name));
  }

  // Its images and its accelerator; the account of it.
  static std::map<std::string, std::string> introduce(HostLink& link, const agent::Ready& ready, const PoolHost& host,
                                                      const std::map<std::string, WorkerImage>& images,
                                                      Observer& observer) {
    for (const auto& [key, image] : images) {
      const std::string name = image_of(image);
      if (std::find(ready.images.begin(), ready.images.end(), name) == ready.images.end())
        link.send_image(name, cache_folder() / "images" / name);
    }
    const WorkerImage& first = images.begin()->second;
    agent::Chosen chosen = link.choose({host.accelerator, first.kernel, first.initrd, first.digest});
    for (const std::string& note : chosen.notes) observer.on(event::Note{fmt::format("{}: {}", host.name, note)});
    return std::move(chosen.host);
  }

  PoolChoices choices_;
  std::vector<PoolHost> hosts_;
  ImageRecipes recipes_;
  std::string digest_ = sha256_hex_of_file("/proc/self/exe");
};

}  // namespace

std::vector<PoolHost> load_hosts(const PoolChoices& choices) {
  const std::string text = read_named_file(choices.file);
  ParsedHosts parsed = parse_hosts(text, choices.file);
  if (!parsed.hosts) throw UsageError(render(parsed.diagnostics, text));
  std::vector<PoolHost> hosts;
  for (PoolHost& one : *parsed.hosts) {
    if (!one.ssh_config.empty()) one.ssh_config = (fs::path(choices.file).parent_path() / one.ssh_config).string();
    const auto has = [&](const std::string& tag) {
      return std::find(one.tags.begin(), one.tags.end(), tag) != one.tags.end();
    };
    if (std::all_of(choices.tags.begin(), choices.tags.end(), has)) hosts.push_back(std::move(one));
  }
  if (hosts.empty())
    throw UsageError(
        fmt::format("error: {} has no host with the tags {}\n", choices.file, fmt::join(choices.tags, ", ")));
  return hosts;
}

std::unique_ptr<RunPlaceFinder> host_pool(const PoolChoices& choices) {
  return std::make_unique<HostPool>(choices);
}

}  // namespace offlab
