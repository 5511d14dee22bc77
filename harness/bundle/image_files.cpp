#include "bundle/image_files.h"

#include <vector>

#include "base/clean_text.h"

namespace offlab {
namespace {

std::string lines_of(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += word + "\n";
  return text;
}

}  // namespace

std::map<std::string, std::string> image_files(const ImageRecipe& recipe, const ImageAccount& account) {
  std::string versions;
  for (const auto& [name, version] : account.packages) versions += clean_line(name) + " " + clean_line(version) + "\n";
  return {{"suite", recipe.suite + "\n"},
          {"packages", lines_of(recipe.packages) + recipe.kernel_package + "\n"},
          {"programs", lines_of(recipe.programs)},
          {"files", lines_of(recipe.files)},
          {"modules", lines_of(recipe.modules)},
          {"init", recipe.init.substr(recipe.init.find_first_not_of('\n'))},
          {"kernel", clean_line(account.kernel) + "\n"},
          {"digest", clean_line(account.digest) + "\n"},
          {"versions.txt", versions}};
}

}  // namespace offlab
