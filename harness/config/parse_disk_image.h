// The part of an image recipe that is about a disk: what a user has deployed, or is about to.
#pragma once

#include "config/mistakes.h"
#include "config/toml_document.h"
#include "model/disk_image.h"

namespace offlab {

bool has_disk(const TomlTable& recipe);

// Paths are as they stand in the file. `name` gets the recipe's name.
DiskImage parse_disk_image(const TomlTable& recipe, std::string& name, Mistakes& mistakes);

}  // namespace offlab
