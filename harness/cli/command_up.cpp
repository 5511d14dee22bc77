#include "cli/lab_commands.h"
#include "cli/terminal.h"
#include "session/paths.h"
#include "staying/staying_lab.h"

namespace offlab {

int up_command(const UpOptions& options) {
  Terminal terminal;
  ScenarioOptions scenario;
  scenario.file = options.file;
  if (!options.case_glob.empty()) scenario.cases = {options.case_glob};
  scenario.extend_anywhere = options.extend_anywhere;
  const LabBlueprint blueprint = make_blueprint(scenario);
  const std::string name = start_staying_lab(blueprint, options.name, options.accelerator, options.cold, terminal);
  terminal.text(how_to_use(LabRegistry(cache_folder()).read(name)));
  return 0;
}

}  // namespace offlab
