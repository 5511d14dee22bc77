// What --format asks for: the run in the formats of other programs, on stdout or in files.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "model/verdict.h"
#include "report/format.h"

namespace offlab {

class AskedFormats {
 public:
  // Each is NAME or NAME=FILE. Throws UsageError for a name that is none, for two on stdout, and for a file that could
  // not be written: before anything is run.
  explicit AskedFormats(const std::vector<std::string>& asked);

  // One of them goes to stdout: what people read goes to stderr then.
  bool takes_stdout() const;
  // Throws UsageError where --json has it already.
  void refuse_stdout_beside(const Display& display) const;
  // `folder`: of the run; captures are named by their paths from the working folder.
  void write(const RunResult& run, const std::filesystem::path& folder, Terminal& terminal) const;

 private:
  struct Asked {
    Format format;
    std::filesystem::path file;  // empty: stdout
  };
  std::vector<Asked> asked_;
};

}  // namespace offlab
