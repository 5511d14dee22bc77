#include <cstdio>
#include <filesystem>

#include <fmt/core.h>

#include "base/diagnostic.h"
#include "base/new_file.h"
#include "base/usage_error.h"
#include "base/version.h"
#include "cli/manual_commands.h"
#include "manual/man_page.h"

namespace offlab {
namespace {

const Command& named(const Command& program, const std::string& name) {
  if (name.empty()) return program;
  if (const Command* found = command_named(program, name)) return *found;
  std::vector<std::string> known;
  for (const Command& one : program.commands) known.push_back(one.path.back());
  const std::string nearest = nearest_word(name, known);
  throw UsageError(fmt::format("error: there is no command '{}'{}\n", name,
                               nearest.empty() ? "; see offlab --help" : "; did you mean '" + nearest + "'?"));
}

}  // namespace

int man_command(const Command& program, const ManOptions& options) {
  const ManualEdition edition{std::string(program_version()), std::string(program_date())};
  if (options.folder.empty()) {
    std::fputs(man_page(program, named(program, options.command), edition).c_str(), stdout);
    return 0;
  }
  as_usage([&] {
    std::error_code trouble;
    std::filesystem::create_directories(options.folder, trouble);
    if (trouble) throw Error(fmt::format("{}: {}", options.folder, trouble.message()));
    const auto write = [&](const Command& command) {
      NewFile file(options.folder, man_page_file(command));
      file.write(man_page(program, command, edition));
      file.take_its_place();
    };
    write(program);
    for (const Command& command : program.commands) write(command);
  });
  return 0;
}

}  // namespace offlab
