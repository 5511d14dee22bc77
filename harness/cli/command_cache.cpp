#include <algorithm>
#include <chrono>

#include <fmt/chrono.h>
#include <fmt/core.h>

#include "base/clean_format.h"
#include "cache/cached_images.h"
#include "cache/warm_folder.h"
#include "cache/warm_states.h"
#include "cli/commands.h"
#include "cli/terminal.h"
#include "session/paths.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr const char* libvirt_folder = "libvirt";

std::string when(fs::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return fmt::format(
      "{:%Y-%m-%d %H:%M}",
      fmt::localtime(std::chrono::system_clock::to_time_t(std::chrono::time_point_cast<std::chrono::seconds>(system))));
}

ByteCount show_images(const std::vector<StoredImage>& images, Terminal& terminal) {
  ByteCount total;
  terminal.text("Images\n");
  for (const StoredImage& image : images) {
    terminal.text(clean_format("  {:<24} {:>8}  {}\n", image.name + " " + image.folder.filename().string().substr(0, 8),
                               to_string(image.size), image.complete ? "" : "incomplete"));
    total.bytes += image.size.bytes;
  }
  if (images.empty()) terminal.text("  none\n");
  return total;
}

ByteCount show_states(const std::vector<WarmState>& states, Terminal& terminal) {
  ByteCount total;
  terminal.text("Saved guests, last used first\n");
  for (const WarmState& state : states) {
    terminal.text(clean_format("  {:<24} {:>8}  last used {}  {}, {}\n",
                               state.label.node.empty() ? "unreadable" : state.label.node, to_string(state.size),
                               when(state.last_used), state.label.image, state.label.machine));
    total.bytes += state.size.bytes;
  }
  if (states.empty()) terminal.text("  none\n");
  return total;
}

}  // namespace

int cache_command() {
  Terminal terminal;
  const fs::path cache = cache_folder();
  sweep_warm_states(warm_folder(cache));
  const ByteCount images = show_images(list_images(cache), terminal);
  const ByteCount states = show_states(list_warm_states(warm_folder(cache)), terminal);
  const ByteCount libvirt = folder_size(cache / libvirt_folder);
  terminal.text(fmt::format("{:<26} {:>8}\n", "libvirt's cache", to_string(libvirt)));
  terminal.text(clean_format("{:<26} {:>8}  in {}; saved guests: {} of at most {}\n", "Total",
                             to_string(ByteCount{images.bytes + states.bytes + libvirt.bytes}), cache.string(),
                             to_string(states), to_string(warm_limit())));
  return 0;
}

int cache_clear_command(const CacheClearOptions& options) {
  Terminal terminal;
  const fs::path cache = cache_folder();
  const bool all = !options.images && !options.warm;
  const ByteCount before = folder_size(cache);
  std::size_t in_use = 0;
  if (all || options.warm) in_use = clear_warm_states(warm_folder(cache));
  if (all || options.images) clear_images(cache);
  if (all) fs::remove_all(cache / libvirt_folder);
  const ByteCount after = folder_size(cache);
  terminal.text(fmt::format("freed {}\n", to_string(ByteCount{before.bytes - std::min(before.bytes, after.bytes)})));
  if (in_use > 0) terminal.text(fmt::format("{} saved guests stay: labs use them at the moment\n", in_use));
  return 0;
}

}  // namespace offlab
