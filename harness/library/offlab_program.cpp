#include "library/offlab_program.h"

#include <chrono>
#include <cstdlib>
#include <fstream>

#include <dlfcn.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "process/subprocess.h"

namespace offlab::library {
namespace {

namespace fs = std::filesystem;

constexpr auto longest_run = std::chrono::hours(24 * 365);

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// lib/offlab's or lib/x86_64-linux-gnu's neighbour bin.
fs::path beside_this_library() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&find_program), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  fs::path folder = fs::canonical(info.dli_fname, ignored).parent_path();
  for (int up = 0; up < 2; ++up) {
    folder = folder.parent_path();
    if (is_program(folder / "bin/offlab")) return folder / "bin/offlab";
  }
  return {};
}

fs::path in_path() {
  std::string path = variable("PATH");
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const fs::path file = fs::path(path.substr(begin, end - begin)) / "offlab";
    if (file.is_absolute() && is_program(file)) return file;
    begin = end + 1;
  }
  return {};
}

std::string named(const std::string& program, const char* by) {
  if (!is_program(program))
    throw Failure(fmt::format("{} names {}, which is no program", by, clean_line(program)), usage_status);
  return program;
}

bool has(const std::string& text, std::size_t begin, std::size_t end, const char* words) {
  const std::size_t found = text.find(words, begin);
  return found != std::string::npos && found < end;
}

}  // namespace

std::string find_program(const Options& options) {
  if (!options.program.empty()) return named(options.program, "Options::program");
  if (const std::string program = variable("OFFLAB_PROGRAM"); !program.empty()) return named(program, "OFFLAB_PROGRAM");
  for (const fs::path& found : {beside_this_library(), in_path()})
    if (!found.empty()) return found;
  throw Failure(
      "the program offlab is not installed beside this library, and not in PATH\n  remedy: install it, or set "
      "OFFLAB_PROGRAM to it",
      error_status);
}

fs::path shipped_topologies(const std::string& program) {
  const fs::path folder = fs::canonical(program).parent_path();
  std::string source;  // of a program that was not installed
  std::getline(std::ifstream(folder / "offlab-source"), source);
  for (const fs::path& base : {folder / "../share/offlab", fs::path(source)})
    if (!base.empty() && fs::is_directory(base / "topologies")) return (base / "topologies").lexically_normal();
  throw Failure(fmt::format("no topologies are installed with {}", program), error_status);
}

Answer ask_program(const Options& options, const std::vector<std::string>& arguments) try {
  std::vector<std::string> words = {find_program(options)};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const ProgramResult result =
      run_program(words, Deadline(fmt::format("'offlab {}'", arguments.front()), longest_run), {}, options.progress);
  return {result.exit_status, result.output, result.errors};
} catch (const Error& error) {
  throw Failure(error.what(), error_status);
}

std::string complaint_in(const std::string& errors) {
  for (std::size_t begin = 0; begin < errors.size();) {
    const std::size_t end = std::min(errors.find('\n', begin), errors.size());
    if (has(errors, begin, end, "error:")) return errors.substr(begin, errors.find_last_not_of('\n') + 1 - begin);
    begin = end + 1;
  }
  return errors.empty() ? "offlab ended without a word" : errors;
}

void fail_with(const Answer& answer) {
  throw Failure(clean_text(complaint_in(answer.errors)), answer.status);
}

}  // namespace offlab::library
