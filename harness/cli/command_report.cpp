#include <filesystem>

#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/new_file.h"
#include "base/usage_error.h"
#include "cli/asked_formats.h"
#include "cli/commands.h"
#include "session/html_reports.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

fs::path place_of(const ReportOptions& options) {
  if (!options.out.empty()) return options.out;
  if (options.folders.size() == 1) return fs::path(options.folders.front()) / "report.html";
  return "report.html";
}

}  // namespace

int report_command(const ReportOptions& options) {
  const AskedFormats formats(options.formats);
  Terminal terminal;
  if (formats.takes_stdout()) terminal.text_to_stderr();
  const fs::path file = place_of(options);
  const fs::path place = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const bool is_own_page = options.out.empty() && options.folders.size() == 1;
  const HtmlReport report = as_usage([&] {
    std::vector<fs::path> folders(options.folders.begin(), options.folders.end());
    return is_own_page ? report_of_folder(folders.front()) : report_of_folders(folders, place);
  });
  if (is_own_page && !RunFolder(fs::absolute(options.folders.front())).is_own())
    throw UsageError(
        fmt::format("error: {} is not your own folder, so nothing is written there\n  remedy: --out FILE\n",
                    options.folders.front()));
  as_usage([&] {
    NewFile page(place, file.filename());
    page.write(html_report(report));
    page.take_its_place();
  });
  formats.write(run_of_report(report), is_own_page ? fs::path(options.folders.front()) : place, terminal);
  terminal.text(clean_format("{}\nreport: {}\n", report.sentence, file.string()));
  return 0;
}

}  // namespace offlab
