#include "cache/warm_states.h"

#include <algorithm>
#include <fstream>

#include <fmt/core.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/folder_below.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "port/hypervisor.h"
#include "process/file_lock.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* schema = "offlab.warm/2";
constexpr const char* state_file = "state";
constexpr const char* label_file = "state.json";
constexpr const char* saving_suffix = ".saving";
constexpr ByteCount reserve{1'000'000'000};  // what a save leaves of the disk

// For the moments in which folders are made, moved and removed; never held while a state is written or read.
FileLock bookkeeping(const fs::path& folder) {
  return FileLock(folder / "lock", Deadline(fmt::format("the lock of {}", folder.string()), std::chrono::seconds(10)),
                  {});
}

// Or a link to one, on a larger disk.
bool is_folder(const fs::path& path) {
  std::error_code none;
  return fs::is_directory(path, none);
}

bool is_scratch(const fs::path& folder) {
  return folder.extension() == saving_suffix;
}

// False when somebody uses it.
bool remove_unused(const fs::path& folder) {
  const auto lock = FileLock::try_take(folder, FileLock::Kind::exclusive);
  if (!lock) return kind_of(folder) == EntryKind::none;
  std::error_code ignored;
  fs::remove(folder / label_file, ignored);  // a state without it is none
  fs::remove_all(folder, ignored);
  return kind_of(folder) == EntryKind::none;
}

void write_label(const fs::path& folder, const WarmLabel& label) {
  const fs::path state = folder / state_file;
  json text = {{"schema", schema},
               {"key", label.key},
               {"node", label.node},
               {"image", label.image},
               {"machine", label.machine},
               {"size", fs::file_size(state)},
               {"sha256", sha256_hex_of_file(state)}};
  if (const fs::path overlay = saved_overlay(state); fs::exists(overlay)) text["overlay"] = sha256_hex_of_file(overlay);
  std::ofstream file(folder / label_file);
  file << text.dump(2) << std::flush;
  if (!file) throw Error(fmt::format("writing {} failed", (folder / label_file).string()), "is the disk full?");
}

struct Label {
  std::string node;
  std::string image;
  std::string machine;
  std::uintmax_t size = 0;
  std::string sha256;
  std::string overlay;  // its digest; empty: the guest has no disk
};

// Nothing where there is none, or it is damaged.
std::optional<Label> read_label(const fs::path& folder) try {
  const json label = parse_json(read_whole_file(folder / label_file), label_file);
  if (label.at("schema") != schema) return std::nullopt;
  return Label{label.at("node"), label.at("image"),  label.at("machine"),
               label.at("size"), label.at("sha256"), label.value("overlay", std::string())};
} catch (const std::exception&) {
  return std::nullopt;
}

void check_whole(const fs::path& folder, const std::string& node) {
  const std::optional<Label> label = read_label(folder);
  const fs::path state = folder / state_file;
  std::error_code error;
  const std::uintmax_t size = fs::file_size(state, error);
  // A link is none of ours: what is written to a state would go elsewhere.
  const bool ours = kind_of(state) == EntryKind::file && kind_of(folder / label_file) == EntryKind::file;
  const auto overlay_is_whole = [&] {
    const fs::path overlay = saved_overlay(state);
    return label->overlay.empty() ||
           (kind_of(overlay) == EntryKind::file && label->overlay == sha256_hex_of_file(overlay));
  };
  if (error || !ours || !label || label->size != size || label->sha256 != sha256_hex_of_file(state) ||
      !overlay_is_whole())
    throw Error(fmt::format("the saved state of '{}' in {} is damaged", node, folder.string()));
}

void check_space(const fs::path& folder, const DomainSpec& spec) {
  const ByteCount needed{reserve.bytes + (std::uint64_t{spec.memory_mib} << 20U)};
  const fs::space_info space = fs::space(folder);
  if (space.available < needed.bytes)
    throw Error(fmt::format("{} has {} left; a state is saved when there are {}", folder.string(),
                            to_string(ByteCount{space.available}), to_string(needed)));
}

}  // namespace

std::string warm_key(const WarmIngredients& ingredients) {
  return sha256_hex(json{schema, ingredients.image_digest, ingredients.domain_xml, ingredients.versions,
                         ingredients.accelerator, ingredients.public_keys}
                        .dump())
      .substr(0, 32);
}

std::vector<std::string> beyond_limit(std::vector<WarmState> states, ByteCount limit) {
  std::sort(states.begin(), states.end(),
            [](const WarmState& a, const WarmState& b) { return a.last_used > b.last_used; });
  std::vector<std::string> keys;
  std::uint64_t total = 0;
  for (const WarmState& state : states) {
    total += state.size.bytes;
    if (total > limit.bytes) keys.insert(keys.begin(), state.label.key);
  }
  return keys;
}

WarmStates::WarmStates(fs::path folder, ByteCount limit, Labeller label_of)
    : folder_(std::move(folder)), limit_(limit), label_of_(std::move(label_of)) {
  make_folders(folder_);
  sweep_warm_states(folder_);
}

std::optional<SavedGuest> WarmStates::find(const DomainSpec& spec) {
  const fs::path folder = folder_ / label_of_(spec).key;
  auto lock = FileLock::try_take(folder, FileLock::Kind::shared);
  if (!lock) return std::nullopt;
  check_whole(folder, spec.name);
  std::error_code ignored;  // it is only younger than it was
  fs::last_write_time(folder / label_file, fs::file_time_type::clock::now(), ignored);
  return SavedGuest{folder / state_file, std::make_shared<const FileLock>(std::move(*lock))};
}

void WarmStates::remove(const DomainSpec& spec) {
  const FileLock lock = bookkeeping(folder_);
  remove_unused(folder_ / label_of_(spec).key);
}

void WarmStates::keep(const DomainSpec& spec, const std::function<void(const std::string& file)>& write) {
  const WarmLabel label = label_of_(spec);
  const fs::path scratch = folder_ / (label.key + saving_suffix);
  check_space(folder_, spec);
  std::optional<FileLock> saving;
  {
    const FileLock lock = bookkeeping(folder_);
    if (!remove_unused(scratch)) return;
    fs::create_directory(scratch);
    saving = FileLock::try_take(scratch, FileLock::Kind::exclusive);
  }
  try {
    write(scratch / state_file);
    write_label(scratch, label);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(scratch, ignored);
    throw;
  }
  const FileLock lock = bookkeeping(folder_);
  std::error_code exists;
  fs::rename(scratch, folder_ / label.key, exists);
  if (exists) fs::remove_all(scratch, exists);
  saving.reset();
  for (const std::string& key : beyond_limit(list_warm_states(folder_), limit_)) remove_unused(folder_ / key);
}

std::vector<WarmState> list_warm_states(const fs::path& folder) {
  std::vector<WarmState> states;
  for (const fs::path& one : folders_in(folder)) {
    if (is_scratch(one)) continue;
    std::error_code gone;
    const Label label = read_label(one).value_or(Label());
    const std::uintmax_t size = fs::file_size(one / state_file, gone);
    WarmState state{{one.filename(), label.node, label.image, label.machine}, {gone ? 0 : size}, {}};
    const auto used = fs::last_write_time(one / label_file, gone);
    if (!gone) state.last_used = used;
    states.push_back(std::move(state));
  }
  std::sort(states.begin(), states.end(),
            [](const WarmState& a, const WarmState& b) { return a.last_used > b.last_used; });
  return states;
}

std::size_t clear_warm_states(const fs::path& folder) {
  if (!is_folder(folder)) return 0;
  const FileLock lock = bookkeeping(folder);
  std::size_t in_use = 0;
  for (const fs::path& one : folders_in(folder))
    if (!remove_unused(one)) ++in_use;
  return in_use;
}

void sweep_warm_states(const fs::path& folder) {
  if (!is_folder(folder)) return;
  const FileLock lock = bookkeeping(folder);
  for (const fs::path& one : folders_in(folder))
    if (is_scratch(one) || kind_of(one / label_file) != EntryKind::file) remove_unused(one);
}

}  // namespace offlab
