#include "cli/asked_formats.h"

#include <algorithm>

#include <fmt/format.h>
#include <unistd.h>

#include "base/new_file.h"
#include "base/usage_error.h"
#include "report/html_report.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

std::string names_of_formats() {
  std::vector<std::string_view> names;
  for (const FormatRow& row : all_formats()) names.push_back(row.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

void check_file(const fs::path& file, const std::string& option) {
  std::error_code none;
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const auto refuse = [&](const std::string& why) {
    throw UsageError(fmt::format("error: --format {}: {}\n", option, why));
  };
  if (fs::is_directory(file, none)) refuse(fmt::format("{} is a folder", file.string()));
  if (!fs::is_directory(folder, none)) refuse(fmt::format("{} is no folder", folder.string()));
  if (access(folder.c_str(), W_OK) != 0) refuse(fmt::format("{} cannot be written to", folder.string()));
}

// From the working folder where it is below that, as CI servers look for them.
std::string path_from_here(const fs::path& folder) {
  const fs::path relative = folder.lexically_relative(fs::current_path());
  return relative.empty() || *relative.begin() == ".." ? folder.string() : relative.string();
}

}  // namespace

AskedFormats::AskedFormats(const std::vector<std::string>& asked) {
  for (const std::string& one : asked) {
    const auto equals = one.find('=');
    const auto format = parse_format(one.substr(0, equals));
    if (!format)
      throw UsageError(fmt::format("error: --format {}: no such format\n  there are: {}\n", one, names_of_formats()));
    const bool has_file = equals != std::string::npos;
    if (has_file && equals + 1 == one.size())
      throw UsageError(fmt::format("error: --format {}: the file has no name\n", one));
    asked_.push_back({*format, has_file ? fs::path(one.substr(equals + 1)) : fs::path()});
    if (has_file) check_file(asked_.back().file, one);
  }
  if (std::count_if(asked_.begin(), asked_.end(), [](const Asked& one) { return one.file.empty(); }) > 1)
    throw UsageError("error: only one --format can go to stdout; give the others a file: --format NAME=FILE\n");
}

bool AskedFormats::takes_stdout() const {
  return std::any_of(asked_.begin(), asked_.end(), [](const Asked& one) { return one.file.empty(); });
}

void AskedFormats::refuse_stdout_beside(const Display& display) const {
  if (display.json && takes_stdout())
    throw UsageError("error: --json has stdout; a format beside it needs a file: --format NAME=FILE\n");
}

void AskedFormats::write(const RunResult& run, const fs::path& folder, Terminal& terminal) const {
  if (asked_.empty()) return;
  RunResult from_here = run;
  if (!folder.empty()) {
    const std::string here = path_from_here(fs::absolute(folder));
    for (CaseResult& one : from_here.cases) {
      // What was judged into a folder of its own has its captures elsewhere.
      std::erase_if(one.artifacts, [&](const std::string& file) {
        std::error_code none;
        return !fs::is_regular_file(fs::symlink_status(folder / file, none));
      });
      one = in_folder(std::move(one), here);
    }
  }
  for (const Asked& one : asked_) {
    const std::string text = formatted(from_here, one.format);
    if (one.file.empty()) {
      terminal.document(text);
      continue;
    }
    NewFile file(one.file.has_parent_path() ? one.file.parent_path() : fs::path("."), one.file.filename());
    file.write(text);
    file.take_its_place();
  }
}

}  // namespace offlab
