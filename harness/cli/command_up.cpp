#include "cli/lab_commands.h"
#include "cli/terminal.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {

int up_command(const UpOptions& options) {
  Terminal terminal;
  const LabBlueprint blueprint = make_blueprint(options.file, options.case_glob);
  const std::string name = start_staying_lab(blueprint, options.name, options.accelerator, options.cold, terminal);
  terminal.text(how_to_use(LabRegistry(cache_folder()).read(name)));
  return 0;
}

}  // namespace offlab
