#include "agent/agent.h"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "agent/lab_service.h"
#include "base/error.h"
#include "base/version.h"
#include "cache/host_lock.h"
#include "cache/image_store.h"
#include "cache/memory_reservation.h"
#include "executor/agent_lines.h"
#include "executor/host_link.h"
#include "plan/lab_places.h"
#include "process/file_lock.h"
#include "process/processors.h"
#include "process/stop_signals.h"
#include "session/accelerator.h"
#include "session/prepared_host.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

// A run folder that is removed with the agent, and by the next one after an agent that was killed.
class Workplace {
 public:
  explicit Workplace(const fs::path& cache) {
    const fs::path all = cache / "agents";
    fs::create_directories(all);
    for (const auto& entry : fs::directory_iterator(all))
      if (const auto lock = FileLock::try_take(entry.path(), FileLock::Kind::exclusive)) fs::remove_all(entry.path());
    folder_ = all / fmt::format("{}-{}", getpid(), std::chrono::steady_clock::now().time_since_epoch().count());
    fs::create_directory(folder_);
    lock_ = FileLock::try_take(folder_, FileLock::Kind::exclusive);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  ~Workplace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
  std::optional<FileLock> lock_;
};

// Those of them that the cache has, and that are whole. To read one takes a quarter of a second.
std::vector<std::string> images_in(const fs::path& cache, const std::vector<std::string>& asked) {
  std::vector<std::string> images;
  for (const std::string& name : asked) {
    if (!is_image_folder(name)) throw Error(fmt::format("'{}' is no image", name));
    const fs::path image = cache / "images" / name;
    if (!fs::is_symlink(image) && image_damage(image).empty()) images.push_back(name);
  }
  return images;
}

// Whoever chooses an accelerator says things that are worth a line.
class Notes : public Observer {
 public:
  void on(const Event& event) override {
    if (const auto* note = std::get_if<event::Note>(&event.what)) texts_.push_back(note->text);
  }
  std::vector<std::string> take() { return std::move(texts_); }

 private:
  std::vector<std::string> texts_;
};

class Agent {
 public:
  explicit Agent(fs::path cache) : cache_(std::move(cache)), place_(cache_) {}

  void serve() {
    alive_ = std::jthread([this](const std::stop_token& ended) { stay_alive(ended); });
    while (const auto line = in_.line(Deadline("the run", agent_limits::silence_of_run), signals_.token())) {
      const auto message = agent_message_from_line(*line);
      if (message)
        std::visit([&](const auto& one) { take(one); }, *message);
      else if (lab_)
        lab_->ask(*line);
    }
  }

  void refuse(const Error& error) { out_.say(agent::Refused{error.what(), error.remedy()}); }

 private:
  void stay_alive(const std::stop_token& ended) {
    while (true) {
      Deadline("the next sign of life", agent_limits::alive).wait(ended);
      if (ended.stop_requested()) return;
      try {
        out_.say(agent::Alive{});
      } catch (const Error&) {
        return;  // the run notices
      }
    }
  }

  // Also while a file is sent.
  void keep_lock(const std::stop_token& ended) {
    while (true) {
      Deadline("the next renewal", HostLock::lifetime / 6).wait(ended);
      if (ended.stop_requested()) return;
      try {
        lock_->renew();
      } catch (const Error& error) {
        try {
          refuse(error);
        } catch (const Error&) {  // the run is gone
        }
        return;
      }
    }
  }

  void take(const agent::Begin& begin) {
    if (begin.protocol != agent::protocol)
      throw Error(fmt::format("offlab {} here speaks protocol {} of agents, the run {}", program_version(),
                              agent::protocol, begin.protocol));
    if (lock_) throw Error("the agent was begun twice");
    lock_ = std::make_unique<HostLock>(cache_, begin.owner);
    lock_keeper_ = std::jthread([this](const std::stop_token& ended) { keep_lock(ended); });
    cpus_ = restricted_cpus();
    if (begin.slots > 1) {
      const std::vector<unsigned> all = usable_cpus();
      if (begin.slots > all.size() || begin.slot < 1 || begin.slot > begin.slots)
        throw Error(fmt::format("{} labs at a time need a CPU each, and there are {}", begin.slots, all.size()),
                    "lower the host's slots");
      cpus_ = share_of(all, begin.slot - 1, begin.slots);
    }
    out_.say(agent::Ready{.version = std::string(program_version()), .images = images_in(cache_, begin.images)});
  }

  void take(const agent::ImageFile& file) {
    if (!is_image_folder(file.image) || !is_plain_name(file.file))
      throw Error(fmt::format("'{}' is no file of an image", file.image + "/" + file.file));
    // Two slots of a host may be sent the same image: each puts its own files together.
    const fs::path scratch = place_.folder() / "images" / file.image;
    in_.file(scratch / file.file, file.bytes, agent_limits::silence_of_run, signals_.token());
    if (file.file != "image.json") return;
    if (const std::string damage = image_damage(scratch); !damage.empty())
      throw Error(fmt::format("image {} came damaged ({})", file.image, damage));
    const fs::path image = cache_ / "images" / file.image;
    fs::create_directories(image.parent_path());
    std::error_code other_was_first;
    fs::rename(scratch, image, other_was_first);
    if (other_was_first && !image_damage(image).empty()) {
      fs::remove_all(image);
      other_was_first.clear();
      fs::rename(scratch, image, other_was_first);
    }
    if (other_was_first && !image_damage(image).empty())
      throw Error(fmt::format("keeping image {}: {}", file.image, other_was_first.message()));
  }

  void take(const agent::Choose& choose) {
    GuestImage image;
    image.name = "probe";
    image.digest = choose.digest;
    image.kernel = cache_ / choose.kernel;
    image.initrd = cache_ / choose.initrd;
    Notes notes;
    accelerator_ = choose_accelerator(choose.accelerator, image, cache_, place_.folder(), notes, signals_.token());
    std::map<std::string, std::string> host = describe_host(accelerator_, {}, {}).host;
    if (!cpus_.empty()) host["pinned"] = cpu_list(cpus_);
    host["memory"] = std::to_string(host_memory().bytes);
    out_.say(agent::Chosen{std::move(host), notes.take()});
  }

  void take(const agent::StartLab& lab) {
    lab_.reset();
    WorkerRequest request = worker_request_from_json(lab.request);
    request.accelerator = accelerator_;
    request.cpus = cpus_;
    for (const CasePlan& one : request.lab.cases)
      if (!is_path_in_run(one.folder + "/x")) throw Error(fmt::format("'{}' is no folder of a case", one.folder));
    if (!is_plain_name(request.lab.name)) throw Error(fmt::format("'{}' is no name of a lab", request.lab.name));
    lab_ = std::make_unique<LabService>(std::move(request), lab.environment, place_.folder(), cache_, out_);
  }

  void take(const agent::EndLab&) {
    lab_.reset();
    out_.say(agent::EndLab{});
  }

  void take(const agent::Alive&) {}

  template <typename Other>
  void take(const Other&) {
    throw Error("an agent was sent something that only agents say");
  }

  fs::path cache_;
  StopSignals signals_{{SIGINT, SIGTERM, SIGHUP}};
  Workplace place_;
  AgentReader in_{STDIN_FILENO};
  AgentWriter out_{STDOUT_FILENO, agent_limits::silence_of_run};
  std::unique_ptr<HostLock> lock_;
  Accelerator accelerator_ = Accelerator::tcg;
  std::vector<unsigned> cpus_;
  std::unique_ptr<LabService> lab_;
  std::jthread lock_keeper_;  // these last: they use the others
  std::jthread alive_;
};

}  // namespace

int run_agent(const fs::path& cache) {
  Agent agent(cache);
  try {
    agent.serve();
    return 0;
  } catch (const Interrupted&) {
    return 128 + SIGTERM;
  } catch (const Error& error) {
    agent.refuse(error);
    return 3;
  }
}

}  // namespace offlab
