// report.html of a folder, and the reports of folders of runs, gates, bisections and nights, from the folders alone.
#pragma once

#include <filesystem>
#include <vector>

#include "model/verdict.h"
#include "record/run_folder.h"
#include "report/html_report.h"

namespace offlab {

// Does what is linked lie in the report's folder?
enum class Links { in_folder, none };

// report.html, with the profiles of its cases that the folder has.
void write_html_report(HtmlReport report, const RunFolder& folder, Links links = Links::in_folder);

// What the folder's report.html shows. A run without a verdict (it was killed) is judged. Throws Error for a folder
// that is none of these, or is damaged.
HtmlReport report_of_folder(const std::filesystem::path& folder);
// Several folders on one page that is to lie in the folder `place`; only what lies below it is linked.
HtmlReport report_of_folders(const std::vector<std::filesystem::path>& folders, const std::filesystem::path& place);

// For formats that tell of a run: the cases of a report, and what they add up to.
RunResult run_of_report(const HtmlReport& report);

}  // namespace offlab
