#include "cli/command_words.h"
#include "cli/commands.h"

namespace offlab {
namespace {

void add_cache(CLI::App& app, CommandBody& chosen) {
  CLI::App* cache = app.add_subcommand("cache", "What offlab keeps on disk: images and saved guests, and their sizes.");
  cache->require_subcommand(0, 1);
  cache->callback([cache, &chosen] {
    if (cache->get_subcommands().empty()) chosen = cache_command;
  });
  add_command<CacheClearOptions>(
      *cache, chosen, "clear", "Removes what nobody uses; everything, or what the options name.",
      [](CLI::App& command, CacheClearOptions& options) {
        command.add_flag("--images", options.images, "Guest images; they are built again when they are needed");
        command.add_flag("--warm", options.warm, "Saved guests; the next run boots, and saves them again");
      },
      cache_clear_command);
}

void add_image(CLI::App& app, CommandBody& chosen) {
  CLI::App* image = app.add_subcommand("image", "Guest images.");
  image->require_subcommand(1);
  add_command<std::string>(
      *image, chosen, "build", "Builds a guest image from its recipe, when anything changed.",
      [](CLI::App& command, std::string& name) {
        command
            .add_option("name", name, "A shipped image (debian-12), or the path of a recipe, with a '/' (./mine.toml)")
            ->required();
      },
      image_build_command);
}

}  // namespace

void add_store_commands(CLI::App& app, CommandBody& chosen) {
  add_cache(app, chosen);
  add_image(app, chosen);
}

}  // namespace offlab
