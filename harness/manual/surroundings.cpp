#include "manual/surroundings.h"

namespace offlab {
namespace {

constexpr ManualEntry files[] = {
    {"runs/TIME-NAME/",
     "Run folder in the working folder, unless --out names another: plan, captures, counters, samples, logs."},
    {"run.json", "In the run folder: the verdicts, with what they rest on (docs/run-json.md)."},
    {"junit.xml", "In the run folder: the same for CI systems."},
    {"runs/history.sqlite", "What the nights of a campaign said, unless --history names another file."},
    {"~/.cache/offlab/", "Guest images, saved guests, and the labs that stay."},
};

constexpr ManualEntry environment[] = {
    {"OFFLAB_CACHE", "Folder of guest images and saved guests, instead of ~/.cache/offlab."},
    {"OFFLAB_WARM_LIMIT", "How much saved guests may take on disk, as '4 GB'."},
    {"OFFLAB_DATA", "Folder with the topologies and image recipes that are shipped, where they are not found."},
    {"XDG_CACHE_HOME", "Where OFFLAB_CACHE is not set: its folder offlab is the cache."},
    {"TMPDIR", "Folder for what captures need while they are read, instead of /tmp."},
    {"SSH_AUTH_SOCK", "An agent with the keys of machines that are reached over SSH."},
    {"NO_COLOR", "Set and not empty: no colours, unless --color says otherwise."},
    {"CLICOLOR_FORCE", "Set and neither empty nor 0: colours, also where stdout is no terminal."},
    {"TERM", "With dumb there are no colours, and what runs is shown in plain lines."},
};

}  // namespace

std::span<const ManualEntry> manual_files() {
  return files;
}

std::span<const ManualEntry> manual_environment() {
  return environment;
}

}  // namespace offlab
