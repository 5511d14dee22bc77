// Guest images, kept in the cache under a digest of all that went in: a kernel and an initrd made from Debian packages,
// or a copy of a user's disk.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "model/image_recipe.h"

namespace offlab {

struct GuestImage {
  std::string name;
  std::string digest;                           // SHA-256 of the recipe and the package versions
  std::string kernel_release;                   // "6.1.0-47-amd64"
  std::map<std::string, std::string> packages;  // name -> version
  std::filesystem::path kernel;                 // empty: it is a disk
  std::filesystem::path initrd;
  std::filesystem::path disk = {};
};

class ImageStore {
 public:
  using Progress = std::function<void(const std::string& line)>;

  // `cache` is offlab's cache folder; images are kept below it.
  ImageStore(const std::filesystem::path& cache, Progress progress);

  // The newest image built from exactly this recipe; nothing when there is none, or when its files are not what was
  // built (a progress line says so). Asks no registry.
  std::optional<GuestImage> find(const ImageRecipe& recipe) const;
  // The image of that digest, or with a digest among these, separated by blanks. Throws Error where the cache has none.
  GuestImage pinned(const ImageRecipe& recipe, const std::string& digests) const;
  // Builds the image unless one from the same recipe and the same package versions is there. Asks the registry.
  // `built` tells which it was. Nothing is left behind when it fails or is interrupted.
  GuestImage build(const ImageRecipe& recipe, bool& built, const std::stop_token& stop);

 private:
  static GuestImage load(const std::filesystem::path& folder);
  GuestImage build_disk(const ImageRecipe& recipe, bool& built, const std::stop_token& stop) const;
  void point_at(const ImageRecipe& recipe, const std::filesystem::path& image) const;
  void assemble(const ImageRecipe& recipe, const std::filesystem::path& work, const std::filesystem::path& image,
                const std::stop_token& stop) const;

  std::filesystem::path images_;
  Progress progress_;
};

// Why the kernel and the initrd in an image's folder are not those that were built; empty when they are.
std::string image_damage(const std::filesystem::path& image);

// "Inst iperf3 (3.12-1+deb12u2 Debian:12.15/oldstable [amd64])" -> {"iperf3", "3.12-1+deb12u2"}: the packages that
// apt's simulation would install.
std::map<std::string, std::string> parse_apt_simulation(const std::string& text);
// "insmod /root/lib/modules/REL/kernel/a.ko" lines of `modprobe --show-depends`: the files, in load order.
std::vector<std::string> parse_module_files(const std::string& text);
// "libc.so.6 => /x/lib/libc.so.6 (0x..)" lines of the dynamic loader's --list: the files.
std::vector<std::string> parse_library_files(const std::string& text);

}  // namespace offlab
