#include "config/parse_image_recipe.h"

#include <fmt/core.h>

#include "config/names.h"
#include "config/parse_disk_image.h"
#include "config/recognized_file.h"
#include "config/table_reader.h"

namespace offlab {
namespace {

std::vector<std::string> read_words(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<std::string> words;
  for (PlacedString& word : read_strings(entry, mistakes)) words.push_back(std::move(word.text));
  return words;
}

std::vector<std::string> read_absolute_paths(const TomlEntry* entry, Mistakes& mistakes) {
  std::vector<std::string> paths;
  for (PlacedString& path : read_strings(entry, mistakes)) {
    if (path.text.front() != '/')
      mistakes.add(path.position, fmt::format("'{}' is not an absolute path", path.text));
    else if ((path.text + '/').find("/../") != std::string::npos)
      mistakes.add(path.position, fmt::format("'{}' must not contain '..'", path.text));
    paths.push_back(std::move(path.text));
  }
  return paths;
}

const FileTable& recipe_table() {
  static const FileTable table = {
      "image",
      "guest-images/NAME.toml",
      "",
      {{"name"}, {"disk"}, {"suite"}, {"kernel"}, {"packages"}, {"modules"}, {"programs"}, {"files"}, {"init"}}};
  return table;
}

ImageRecipe read_recipe(const TomlTable& table, Mistakes& mistakes) {
  TableReader root(recipe_table(), table, {}, mistakes);
  ImageRecipe recipe;
  recipe.name = read_file_name(root.require("name"), mistakes).value_or("");
  recipe.suite = read_file_name(root.require("suite"), mistakes).value_or("");
  recipe.kernel_package = read_text(root.require("kernel"), mistakes).value_or("");
  recipe.packages = read_words(root.require("packages"), mistakes);
  recipe.modules = read_words(root.require("modules"), mistakes);
  recipe.programs = read_absolute_paths(root.require("programs"), mistakes);
  recipe.files = read_absolute_paths(root.find("files"), mistakes);
  recipe.init = read_text(root.require("init"), mistakes).value_or("");
  root.refuse_unknown_keys();
  return recipe;
}

}  // namespace

ParsedRecipe parse_image_recipe(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, recipe_table(), "image recipe", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  ImageRecipe recipe;
  if (has_disk(*table))
    recipe.disk = parse_disk_image(*table, recipe.name, mistakes);
  else
    recipe = read_recipe(*table, mistakes);
  if (mistakes.count() != 0) return {std::nullopt, mistakes.take()};
  return {std::move(recipe), {}};
}

}  // namespace offlab
