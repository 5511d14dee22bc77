// What offlab keeps between runs and what its processes tell each other, damaged ten thousand times each: labs that
// stay, saved guests, memory claims, images, requests, messages. Each is read or refused with a reason, at once, and
// nothing outside of the cache is touched.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/json.h"
#include "base/read_file.h"
#include "cache/cached_images.h"
#include "cache/image_store.h"
#include "cache/lab_registry.h"
#include "cache/memory_reservation.h"
#include "cache/warm_states.h"
#include "fuzz/attempt.h"
#include "fuzz/documents.h"
#include "fuzz/restored_folder.h"
#include "fuzz/small_run.h"
#include "fuzz/watched_folder.h"
#include "record/live_state_json.h"
#include "unit/temp_folder.h"

namespace offlab::fuzz {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string sample_image() {
  return json{{"name", "debian-12"},
              {"digest", "d"},
              {"kernel_release", "6.1"},
              {"packages", {{"iperf3", "3.12"}}},
              {"files", {{"vmlinux", sha256_hex("a kernel")}, {"initrd", sha256_hex("an initrd")}}}}
      .dump(1);
}

std::string sample_label() {
  return json{{"schema", "offlab.warm/2"},      {"key", "key"},        {"node", "router"},
              {"image", "debian-12"},           {"machine", "1 vcpu"}, {"size", 7},
              {"sha256", sha256_hex("a guest")}}
      .dump(1);
}

void make_cache(const fs::path& cache) {
  write_file(cache / "labs/demo/lab.json", document("lab.json"));
  write_file(cache / "labs/demo/live.json", document("live.json"));
  write_file(cache / "labs/demo/lock", "");
  write_file(cache / "labs/.lock", "");
  write_file(cache / "memory/lab-1", json{{"holder", "lab 'demo'"}, {"bytes", 1'000'000'000}}.dump());
  write_file(cache / "memory/.lock", "");
  write_file(cache / "warm/key/state", "a guest");
  write_file(cache / "warm/key/state.json", sample_label());
  write_file(cache / "warm/lock", "");
  write_file(cache / "images/debian-12/d/image.json", sample_image());
  write_file(cache / "images/debian-12/d/vmlinux", "a kernel");
  write_file(cache / "images/debian-12/d/initrd", "an initrd");
}

class StateFilesFuzz : public testing::Test {
 protected:
  StateFilesFuzz() {
    make_cache(temp_.path() / "cache");
    make_cache(outside_);
    write_file(outside_ / "victim", "precious");
    watched_ = std::make_unique<WatchedFolder>(outside_);
    cache_ = std::make_unique<RestoredFolder>(temp_.path() / "cache");
    paths_ = {R"("../outside")", R"("../../outside/labs")", "\"" + outside_.string() + "\""};
  }

  fs::path in_cache(const std::string& file) const { return cache_->path() / file; }

  // Damages `file`, or replaces something on its way or beside it, and reads.
  void damage_and_read(const std::string& file, const std::vector<std::string>& places,
                       const std::function<void()>& read) {
    try_all([&](Random& random, const std::string& seed) {
      std::string name = seed + ": ";
      if (random() % 5 == 0) {
        name += cache_->replace(one_of(places, random), outside_, random);
      } else {
        const Damaged changed = damaged(cache_->content(file), random, paths_);
        cache_->write(file, changed.text);
        name += file + ": " + changed.how;
      }
      watched_->events();
      tally_.count(refusal_of(name, read));
      expect_nothing_written(name);
      cache_->restore();
    });
    EXPECT_THAT(watched_->changes(), testing::IsEmpty());
  }

  // Nobody else can put anything into the cache, so links in it may be followed to read.
  void expect_nothing_written(const std::string& name) {
    for (const std::string& event : watched_->events())
      if (event.find(" opened") == std::string::npos && event.find(" read") == std::string::npos)
        ADD_FAILURE() << name << ": " << event;
  }

  TempFolder temp_{memory_folder()};
  fs::path outside_ = temp_.path() / "outside";
  std::unique_ptr<WatchedFolder> watched_;
  std::unique_ptr<RestoredFolder> cache_;
  std::vector<std::string> paths_;
  Tally tally_;
};

TEST_F(StateFilesFuzz, EntriesOfLabs) {
  const std::vector<std::string> places = {"labs/demo/lab.json", "labs/demo/lock", "labs/demo", "labs/other"};
  damage_and_read("labs/demo/lab.json", places, [&] {
    const LabRegistry registry(cache_->path());
    registry.labs();
    registry.is_alive("demo");
    registry.read("demo");
  });
  tally_.expect_both();
}

TEST_F(StateFilesFuzz, StatesOfLabs) {
  damage_and_read("labs/demo/live.json", {"labs/demo/live.json", "labs/demo"},
                  [&] { live_state_from_json(read_whole_file(in_cache("labs/demo/live.json"))); });
  tally_.expect_both();
}

TEST_F(StateFilesFuzz, LabelsOfSavedGuests) {
  const std::vector<std::string> places = {"warm/key/state.json", "warm/key/state", "warm/key", "warm/other",
                                           "warm/key.saving"};
  damage_and_read("warm/key/state.json", places, [&] {
    list_warm_states(in_cache("warm"));
    WarmStates states(in_cache("warm"), {1'000'000}, [](const DomainSpec&) { return WarmLabel{"key", "router", ""}; });
    if (!states.find(DomainSpec())) throw Error("there is none");
    clear_warm_states(in_cache("warm"));
  });
  tally_.expect_both();
}

// A claim counts while somebody holds its lock, as another process does here.
TEST_F(StateFilesFuzz, ClaimsOfMemory) {
  damage_and_read("memory/lab-1", {"memory/lab-1", "memory/other"}, [&] {
    const UniqueFd holder(open(in_cache("memory/lab-1").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (holder) flock(holder.get(), LOCK_EX | LOCK_NB);
    if (memory_claims(cache_->path()).empty()) throw Error("no claim can be read");
  });
  tally_.expect_both();
}

TEST_F(StateFilesFuzz, DescriptionsOfImages) {
  const std::vector<std::string> places = {"images/debian-12/d/image.json", "images/debian-12/d/vmlinux",
                                           "images/debian-12/d", "images/debian-12", "images/other"};
  damage_and_read("images/debian-12/d/image.json", places, [&] {
    list_images(cache_->path());
    if (const std::string damage = image_damage(in_cache("images/debian-12/d")); !damage.empty()) throw Error(damage);
  });
  tally_.expect_both();
}

// Of the documents whose names begin so.
void damage_documents(const std::string& name) {
  std::vector<Document> some;
  for (const Document& one : documents())
    if (one.name.rfind(name, 0) == 0) some.push_back(one);
  for (const Document& one : some) ASSERT_EQ(refusal_of(one.name, [&] { one.read(one.text); }), std::nullopt);
  Tally tally;
  try_all([&](Random& random, const std::string& seed) {
    const Document& one = one_of(some, random);
    const Damaged changed = damaged(one.text, random);
    tally.count(refusal_of(seed + ": " + one.name + ": " + changed.how, [&] { one.read(changed.text); }));
  });
  tally.expect_both();
}

TEST(DocumentsFuzz, RequestsToLabs) {
  damage_documents("request");
}

TEST(DocumentsFuzz, RequestsToWorkers) {
  damage_documents("worker request");
}

TEST(DocumentsFuzz, MessagesAndEvents) {
  damage_documents("message");
}

}  // namespace
}  // namespace offlab::fuzz
