#include "session/image_recipes.h"

#include <filesystem>

#include <fmt/core.h>

#include "base/diagnostic.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "config/parse_image_recipe.h"
#include "session/named_files.h"
#include "session/paths.h"
#include "setting/image_name.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_stem = 60;

struct Found {
  fs::path file;       // absolute, without links
  std::string called;  // by this name in the cache
  std::string key;
  std::string remark;
};

fs::path own_file(const std::string& name) {
  return fmt::format("guest-images/{}.toml", name);
}

Found find_shipped(const std::string& name) {
  std::error_code ignored;
  const fs::path own = own_file(name);
  const bool has_own = fs::exists(own, ignored);
  Found found{{}, name, name, {}};
  try {
    found.file = fs::canonical(shipped_file(own.string()));
  } catch (const Error&) {
    const std::string remedy =
        has_own ? fmt::format("{} of this folder is used only where it is named by its path, with a '/'", own.string())
                : fmt::format("name {}", image_name_hint);
    throw UsageError(
        fmt::format("error: there is no image '{}': no {} is shipped\n  remedy: {}\n", name, own.string(), remedy));
  }
  if (has_own && !fs::equivalent(own, found.file, ignored))
    found.remark = fmt::format(
        "image {}: the shipped recipe is used; {} of this folder is used only where it is named by its path", name,
        own.string());
  return found;
}

// A name for a folder; that of another path is another one.
std::string name_for(const fs::path& file) {
  std::string stem = file.stem().string().substr(0, longest_stem);
  for (char& c : stem)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') c = '_';
  return fmt::format("{}-{}", stem, sha256_hex(file.string()).substr(0, 8));
}

Found find_by_path(const std::string& path) {
  std::error_code error;
  const fs::path file = fs::canonical(path, error);
  if (error)
    throw UsageError(fmt::format("error: {}\n  remedy: name {}\n",
                                 system_error("reading " + path, error.value()).what(), image_name_hint));
  if (!parse_image_name(file.string()))
    throw UsageError(fmt::format("error: {} leads to {}\n  remedy: name a recipe whose name ends with .toml\n", path,
                                 file.string()));
  const std::string name = name_for(file);
  return {file, name, file.string(), fmt::format("image {}: made by the recipe {}", name, file.string())};
}

ImageRecipe read_recipe(const fs::path& file) {
  const std::string text = read_named_file(file);
  ParsedRecipe parsed = parse_image_recipe(text, file.string());
  if (!parsed.recipe) throw UsageError(render(parsed.diagnostics, text));
  return std::move(*parsed.recipe);
}

// From the recipe's folder. Whether they are there is looked at when they are needed.
void find_files_of(DiskImage& disk, const fs::path& recipe) {
  for (std::string* file : {&disk.file, &disk.login.key_file, &disk.login.password_file})
    if (!file->empty()) *file = (recipe.parent_path() / *file).lexically_normal();
}

}  // namespace

std::optional<DiskImage> disk_of_image(const std::string& key) {
  const auto name = parse_image_name(key);
  if (!name) return std::nullopt;
  fs::path file;
  if (name->is_path()) {
    file = find_by_path(name->recipe).file;
  } else {
    try {
      file = shipped_file(own_file(name->recipe).string());
    } catch (const Error&) {
      return std::nullopt;
    }
  }
  std::optional<DiskImage> disk = read_recipe(file).disk;
  if (disk) find_files_of(*disk, fs::canonical(file));
  return disk;
}

ImageRecipe load_image_recipe(const std::string& key) {
  const auto name = parse_image_name(key);
  if (!name) throw UsageError(fmt::format("error: '{}' is no image\n  remedy: name {}\n", key, image_name_hint));
  const Found found = name->is_path() ? find_by_path(name->recipe) : find_shipped(name->recipe);
  const std::string kernel = name->kernel.empty() ? "" : "@" + name->kernel;
  ImageRecipe recipe = read_recipe(found.file);
  if (recipe.disk) find_files_of(*recipe.disk, found.file);
  recipe.name = found.called + kernel;
  recipe.digest = name->digest;
  recipe.key = found.key + (name->digest.empty() ? "" : "#" + name->digest) + kernel;
  recipe.file = found.file;
  recipe.remark = found.remark;
  for (const char* program : {"offlab-state", recipe.disk ? "guest-images/offlab-state.sh" : "offlab-background"})
    recipe.own_programs.push_back(shipped_file(program).string());
  if (kernel.empty()) return recipe;
  if (recipe.disk)
    throw UsageError(
        fmt::format("error: {}: a disk has a kernel of its own, '{}' cannot be used\n", key, name->kernel));
  recipe.kernel_release = name->kernel;
  recipe.kernel_package = "linux-image-" + recipe.kernel_release;
  return recipe;
}

}  // namespace offlab
