#include "cli/existing_run.h"

#include <fmt/core.h>
#include <unistd.h>

#include "base/clean_format.h"
#include "base/host_name.h"
#include "base/usage_error.h"
#include "cli/agree.h"
#include "machine/journal.h"
#include "session/esxi_host.h"
#include "session/existing_place.h"
#include "session/paths.h"
#include "worker/existing_access.h"
#include "worker/host_lro.h"

namespace offlab {
void refuse_options_of_labs(const RunChoices& options) {
  const auto refuse = [](const char* option) {
    throw UsageError(fmt::format("error: {} is for machines that offlab makes; those of this file exist\n", option));
  };
  if (!options.lab.empty()) refuse("--lab");
  if (options.keep) refuse("--keep");
  if (!options.hosts.empty()) refuse("--hosts");
  if (!options.connect.empty()) refuse("--connect");
  if (options.executor != "local") refuse("--executor");
  if (options.jobs > 1) refuse("--jobs");
  if (options.cold) refuse("--cold");
  if (!options.image_digests.empty()) refuse("--image-digest");
  if (options.accelerator != "auto") refuse("--accel");
}

void agree_to_existing(const RunPlan& plan, const RunChoices& options) {
  refuse_options_of_labs(options);
  const std::vector<std::string> changes = changes_on_existing(plan);
  if (changes.empty()) return;
  fmt::print(stderr, "the cases and their controls change settings of machines that exist:\n");
  for (const std::string& line : changes) fmt::print(stderr, "{}", clean_format("  {}\n", line));
  if (const std::string all = host_changes(plan); !all.empty()) fmt::print(stderr, "{}", clean_format("{}\n", all));
  agree("change this, and put it back afterwards?", options.yes);
}

std::unique_ptr<RunPlaceFinder> place_of_existing(HostQuestions& questions) {
  return existing_machines(
      [&questions](Observer& observer, const std::stop_token& stop) {
        return std::make_unique<EsxiLro>(cache_folder() / "esxi",
                                         fmt::format("offlab run ({}, process {})", user_at_host(), getpid()),
                                         load_usable_esxi_host, questions, observer, stop);
      },
      [](const LabPlan& lab, const std::stop_token& stop) {
        SteadyClock clock;
        check_access(lab, clock, stop);
      });
}

std::string not_given_back(const std::filesystem::path& run_folder) {
  std::string text;
  for (const Borrowed& one : borrowed_by(journal_folder(cache_folder()), run_folder.filename()))
    text += clean_format("'{}' ({}) is not put back; when it can be reached: offlab put-back\n", one.node,
                         one.login.address);
  return text;
}

}  // namespace offlab
