#include "unit/bundle/known_captures.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.h"
#include "folders.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

bool is_capture(const fs::path& file) {
  static const std::set<std::string> extensions = {".pcap", ".pcapng", ".gz", ".bz2", ".lz4", ".xz", ".zst"};
  return extensions.count(file.extension().string()) != 0;
}

// The file of the other side; empty when `file` is not one before a router.
fs::path behind_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  for (const auto& [before, behind] : {std::pair<std::string, std::string>{"wan", "lan"}, {"before", "behind"}}) {
    if (!stem.ends_with(before)) continue;
    const fs::path other =
        file.parent_path() / (stem.substr(0, stem.size() - before.size()) + behind + file.extension().string());
    if (fs::exists(other)) return other;
  }
  return {};
}

bool can_be_judged(const KnownCapture& one) {
  try {
    analyze_captures(one.evidence, {});
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<KnownCapture> captures_below(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (is_capture(entry.path())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<KnownCapture> all;
  for (const fs::path& file : files) {
    const std::string name = fs::relative(file, folder).string();
    all.push_back({name, {{file}}});
    if (const fs::path behind = behind_of(file); !behind.empty())
      all.push_back({name + " + behind", {{file}, {behind}}});
  }
  return all;
}

const std::vector<KnownCapture>& known_captures() {
  static const std::vector<KnownCapture> known = [] {
    auto all = captures_below(fs::path(tests_folder()) / "data");
    std::erase_if(all, [](const KnownCapture& one) { return !can_be_judged(one); });
    return all;
  }();
  return known;
}

}  // namespace offlab
