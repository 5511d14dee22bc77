#include "bundle/lab_files.h"

#include <fmt/format.h>

#include "base/error.h"
#include "bundle/image_files.h"
#include "bundle/lab_steps.h"
#include "bundle/parts.h"
#include "config/parse_scenario.h"
#include "plan/expand_matrix.h"
#include "plan/make_plan.h"
#include "session/image_recipes.h"

namespace offlab {
namespace {

std::string first_of(const ParsedScenario& parsed) {
  return parsed.diagnostics.empty() ? "no message" : parsed.diagnostics.front().message;
}

}  // namespace

void LabFiles::write(const std::string& topology, const std::map<std::string, std::string>& recipes) {
  folder_.write("topology.toml", topology);
  const ParsedScenario parsed = parse_scenario(topology, "topology.toml");
  if (!parsed.scenario) throw Error(fmt::format("the bundle's topology file has mistakes: {}", first_of(parsed)));
  const RunPlan plan = make_plan(*parsed.scenario, expand_matrix(*parsed.scenario, {}).cases, Question::as_expected);
  const LabPlan& lab = plan.labs.at(0);
  facts_.why_no_script = trouble_with_steps(lab);
  facts_.with_source = needs_background_program(lab.cases.at(0));
  for (const NodePlan& node : lab.nodes) write_image(node, recipes);
  if (!facts_.why_no_script.empty()) return;
  folder_.write("lab/steps.sh", lab_steps(lab, lab.cases.at(0)));
  folder_.write("lab/lab_tool.py", parts::tool);
  folder_.write("reproduce.sh", parts::reproduce, true);
}

void LabFiles::write_image(const NodePlan& node, const std::map<std::string, std::string>& recipes) {
  const std::string folder = fmt::format("image/{}", image_folder(node));
  if (!written_.insert(folder).second) return;
  const auto original = recipes.find(node.image);
  const std::string kernel = node.kernel.empty() ? "" : "@" + node.kernel;
  const ImageRecipe recipe = load_image_recipe((original == recipes.end() ? node.image : original->second) + kernel);
  const auto of_image = [&](const char* what) {
    for (const std::string& key : {recipe.key + "." + what, std::string(what)})
      if (const auto found = facts_.image.find(key); found != facts_.image.end()) return found->second;
    return std::string();
  };
  for (const auto& [name, text] : image_files(recipe, {of_image("kernel"), of_image("digest"), packages_}))
    folder_.write(fmt::format("{}/{}", folder, name), text);
  folder_.write(fmt::format("{}/build.sh", folder), parts::build, true);
  if (!facts_.with_source) return;
  for (const auto& [name, text] : parts::background_source())
    folder_.write(fmt::format("{}/source/{}", folder, name), text);
}

}  // namespace offlab
