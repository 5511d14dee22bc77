// What a guest image is made of.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/disk_image.h"

namespace offlab {

struct ImageRecipe {
  std::string name;  // of the image in the cache, and for people
  // With a disk, what is below down to `init` is empty: the system on it is what it is.
  std::string suite;           // of Debian: "bookworm"
  std::string kernel_package;  // "linux-image-amd64"
  std::vector<std::string> packages;
  std::vector<std::string> modules;   // kernel modules, without the ones they depend on
  std::vector<std::string> programs;  // absolute paths, copied with their shared libraries
  std::vector<std::string> files;     // absolute paths, copied as they are
  std::string init;                   // text of the init script
  // "6.1.0-47-amd64" when a node asks for a kernel: this host's where it is installed, otherwise the package's.
  std::string kernel_release = {};
  // This host's paths of offlab's own programs for guests (guest/): put into every image's /usr/sbin.
  std::vector<std::string> own_programs = {};
  std::string digest = {};  // the beginning of it: of an image that is in the cache; empty: made when it is missing
  std::string key = {};     // session/image_recipes.h finds it by this one
  std::string file = {};    // the recipe's, absolute
  std::string remark = {};  // what the user is told before it is used: that it is not the shipped one
  std::optional<DiskImage> disk = {};
  bool operator==(const ImageRecipe&) const = default;
};

}  // namespace offlab
