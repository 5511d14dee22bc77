#include "cache/image_store.h"

#include <array>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/ranges.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/folder_below.h"
#include "base/parse_json.h"
#include "base/read_file.h"
#include "cache/copy_disk.h"
#include "process/file_lock.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;

// Part of every digest: to be raised when the way images are assembled changes.
constexpr int format_version = 3;

fs::path installed_kernel(const std::string& release) {
  return fs::path("/boot") / ("vmlinuz-" + release);
}

fs::path installed_modules(const std::string& release) {
  return fs::path("/lib/modules") / release;
}

bool is_installed(const std::string& release) {
  return !release.empty() && fs::exists(installed_kernel(release)) && fs::exists(installed_modules(release) / "kernel");
}

std::vector<std::string> digests_of_programs(const std::vector<std::string>& programs) {
  std::vector<std::string> digests;
  for (const std::string& program : programs) digests.push_back(sha256_hex(read_whole_file(program)));
  return digests;
}

std::string recipe_text(const ImageRecipe& recipe) {
  if (recipe.disk)
    return json{format_version, recipe.name, identity_of(recipe.disk->file), digests_of_programs(recipe.own_programs)}
        .dump();
  return json{format_version,
              recipe.name,
              recipe.suite,
              recipe.kernel_package,
              is_installed(recipe.kernel_release),
              recipe.packages,
              recipe.modules,
              recipe.programs,
              recipe.files,
              recipe.init,
              digests_of_programs(recipe.own_programs)}
      .dump();
}

std::vector<std::string> mmdebstrap(const ImageRecipe& recipe, std::vector<std::string> options,
                                    const std::string& target) {
  std::vector<std::string> command = {"mmdebstrap", "--variant=extract"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(fmt::format("--include={}{}", fmt::join(recipe.packages, ","),
                                is_installed(recipe.kernel_release) ? "" : "," + recipe.kernel_package));
  command.push_back(recipe.suite);
  command.push_back(target);
  return command;
}

void write_text(const fs::path& file, std::string_view text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text << std::flush;
  if (!stream) throw Error(fmt::format("writing {} failed", file.string()), "is the disk full?");
}

// Removes a folder when it goes out of scope, unless it was kept.
class ScratchFolder {
 public:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The initrd's tree, filled from an unpacked Debian root.
class InitrdTree {
 public:
  InitrdTree(fs::path root, fs::path tree, const std::stop_token& stop)
      : root_(std::move(root)), tree_(std::move(tree)), stop_(stop) {
    for (const char* folder : {"bin", "sbin", "usr/bin", "usr/sbin", "dev", "proc", "sys", "tmp", "etc", "run",
                               "root/.ssh", "var/log", "lib/modules"})
      fs::create_directories(tree_ / folder);
  }

  void add_file(const std::string& path) {
    const fs::path target = tree_ / path.substr(1);
    if (fs::exists(target)) return;
    fs::create_directories(target.parent_path());
    if (!fs::exists(root_ / path.substr(1))) throw Error(fmt::format("'{}' is in none of the recipe's packages", path));
    fs::copy_file(root_ / path.substr(1), target);
  }

  void add_own(const fs::path& program) { fs::copy_file(program, tree_ / "usr/sbin" / program.filename()); }

  void add_program(const std::string& path) {
    add_file(path);
    const std::string root = root_.string();
    const std::string libraries = fmt::format("{0}/lib/x86_64-linux-gnu:{0}/usr/lib/x86_64-linux-gnu", root);
    const ProgramResult listed =
        run_program({root + "/lib64/ld-linux-x86-64.so.2", "--library-path", libraries, "--list", root + path},
                    Deadline("the dynamic loader", seconds(20)), stop_);
    if (listed.exit_status != 0) {
      // The loader refuses a program that never asks for it, which is linked statically.
      if (read_whole_file(root_ / path.substr(1)).find("/ld-linux-x86-64.so.2") == std::string::npos) return;
      throw Error(fmt::format("'{}' does not find its libraries: {}", path, listed.errors),
                  "add the package that has them to the recipe");
    }
    for (const std::string& file : parse_library_files(listed.output))
      add_file(file.rfind(root, 0) == 0 ? file.substr(root.size()) : file);
  }

  void add_modules(const std::vector<std::string>& modules, const std::string& release) {
    run_or_throw({"depmod", "-b", root_.string(), release}, Deadline("depmod", seconds(60)), stop_);
    for (const std::string& module : modules) {
      const auto shown = run_or_throw({"modprobe", "-d", root_.string(), "-S", release, "--show-depends", module},
                                      Deadline("modprobe", seconds(20)), stop_);
      for (const std::string& file : parse_module_files(shown.output)) add_file(file.substr(root_.string().size()));
    }
    for (const char* list : {"modules.order", "modules.builtin", "modules.builtin.modinfo"})
      add_file(fmt::format("/lib/modules/{}/{}", release, list));
    run_or_throw({"depmod", "-b", tree_.string(), release}, Deadline("depmod", seconds(60)), stop_);
  }

  void add_init(const std::string& text) {
    write_text(tree_ / "init", text);
    fs::permissions(tree_ / "init", fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
  }

  // Not compressed: under software emulation unpacking costs more than reading.
  void pack(const fs::path& initrd) const {
    run_or_throw({"sh", "-c",
                  // NOLINTNEXTLINE(bugprone-suspicious-missing-comma): it is one word
                  R"(cd "$1" && find . -print0 | LC_ALL=C sort -z | )"
                  R"(cpio --quiet --null --create --format=newc --owner=+0:+0 --reproducible > "$2")",
                  "sh", tree_.string(), initrd.string()},
                 Deadline("cpio", seconds(60)), stop_);
  }

 private:
  fs::path root_;
  fs::path tree_;
  std::stop_token stop_;
};

// The ELF kernel inside a bzImage boots without the guest unpacking it (PVH), three seconds faster under emulation.
// Debian 12 packs it with xz; another kernel stays as it is.
void copy_kernel(const fs::path& packed, const fs::path& kernel, const fs::path& work, const std::stop_token& stop) {
  const std::string image = read_whole_file(packed);
  const auto start =
      image.find(std::string("\xfd"
                             "7zXZ\0",
                             6));
  if (start != std::string::npos) {
    write_text(work / "payload.xz", std::string_view(image).substr(start));
    const ProgramResult unpacked = run_program({"sh", "-c", R"(xz --decompress --stdout --single-stream "$1" > "$2")",
                                                "sh", (work / "payload.xz").string(), kernel.string()},
                                               Deadline("xz", seconds(60)), stop);
    if (unpacked.exit_status == 0 && read_whole_file(kernel).rfind("\x7f"
                                                                   "ELF",
                                                                   0) == 0)
      return;
  }
  fs::copy_file(packed, kernel, fs::copy_options::overwrite_existing);
}

constexpr std::array<const char*, 2> image_files = {"vmlinux", "initrd"};
constexpr const char* disk_file = "disk.qcow2";
constexpr const char* stamp_file = "disk.verified";  // its identity when it was last found whole

// QEMU reads them as another user.
void let_others_read(const fs::path& path, bool folder) {
  const fs::perms read = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  const fs::perms enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  fs::permissions(path, folder ? read | enter : read, fs::perm_options::add);
}

json digests_of(const fs::path& image) {
  json digests;
  for (const char* file : image_files) digests[file] = sha256_hex_of_file(image / file);
  return digests;
}

std::string only_entry(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) return entry.path().filename();
  throw Error(fmt::format("{} is empty", folder.string()));
}

std::map<std::string, std::string> tools_of(const ImageRecipe& recipe) {
  std::map<std::string, std::string> tools;
  for (const std::string& program : recipe.own_programs) tools[fs::path(program).filename()] = program;
  return tools;
}

// Of an image that is verified each time that it is used: a disk has gigabytes, and its inode tells whether it changed.
std::string disk_damage(const fs::path& image, const json& manifest) {
  const std::string now = identity_of(image / disk_file);
  if (now.empty()) return fmt::format("{} is not there", disk_file);
  for (const auto& [file, digest] : manifest.at("files").get<std::map<std::string, std::string>>())
    if (file != disk_file && digest != sha256_hex_of_file(image / file))
      return fmt::format("{} is not what was built", file);
  if (fs::exists(image / stamp_file) && read_whole_file(image / stamp_file) == now) return "";
  if (manifest.at("files").at(disk_file) != sha256_hex_of_file(image / disk_file))
    return fmt::format("{} is not what was built", disk_file);
  std::error_code ignored;  // it is looked at again next time
  try {
    write_text(image / stamp_file, now);
  } catch (const Error&) {
    fs::remove(image / stamp_file, ignored);
  }
  return "";
}

// Another recipe's image of the same disk, whole; empty where there is none. A disk is in the cache once, however many
// recipes name it.
fs::path same_image(const fs::path& images, const fs::path& image) {
  std::error_code none;
  for (const auto& recipe : fs::directory_iterator(images, none)) {
    const fs::path other = recipe.path() / image.filename();
    if (other != image && fs::exists(other / disk_file, none) && image_damage(other).empty()) return other;
  }
  return {};
}

}  // namespace

ImageStore::ImageStore(const fs::path& cache, Progress progress)
    : images_(cache / "images"), progress_(std::move(progress)) {}

std::optional<GuestImage> ImageStore::find(const ImageRecipe& recipe) const {
  const fs::path pointer = images_ / recipe.name / ("recipe-" + sha256_hex(recipe_text(recipe)).substr(0, 16));
  std::error_code none;
  const fs::path image = fs::canonical(pointer, none);
  if (none || kind_of(image / "image.json") == EntryKind::none) return std::nullopt;
  if (const std::string damage = image_damage(image); !damage.empty()) {
    progress_(fmt::format("image {} in the cache is damaged ({}): it is built again", recipe.name, damage));
    return std::nullopt;
  }
  return load(image);
}

GuestImage ImageStore::pinned(const ImageRecipe& recipe, const std::string& digests) const {
  std::istringstream words(digests);
  for (std::string digest; words >> digest;) {
    if (digest.size() < 16 || !is_hex(digest))
      throw Error(fmt::format("'{}' is no digest of an image", digest), "run.json has it: image, digest");
    const fs::path image = images_ / recipe.name / digest.substr(0, 16);
    if (!fs::exists(image / "image.json")) continue;
    if (const std::string damage = image_damage(image); !damage.empty())
      throw Error(fmt::format("image {} in the cache is damaged ({})", image.string(), damage));
    GuestImage found = load(image);
    if (found.digest.starts_with(digest)) return found;
  }
  throw Error(fmt::format("the cache has no image {} with the digest {}", recipe.name, digests),
              "`offlab image build` makes the newest one only");
}

GuestImage ImageStore::build_disk(const ImageRecipe& recipe, bool& built, const std::stop_token& stop) const {
  const fs::path folder = images_ / recipe.name;
  const ScratchFolder work(folder / "building");
  const std::string identity = identity_of(recipe.disk->file);
  progress_(fmt::format("image {}: copying {}", recipe.name, recipe.disk->file));
  copy_disk(recipe.disk->file, work.path() / disk_file, stop);
  if (identity_of(recipe.disk->file) != identity)
    throw Error(fmt::format("{} changed while it was copied", recipe.disk->file), "shut the machine down that uses it");
  const std::string content = sha256_hex_of_file(work.path() / disk_file);
  const std::string digest = sha256_hex(json{format_version, content, digests_of_programs(recipe.own_programs)}.dump());
  const fs::path image = folder / digest.substr(0, 16);
  if (!image_damage(image).empty()) {
    json manifest = {{"name", recipe.name},
                     {"digest", digest},
                     {"packages", json::object()},
                     {"kernel_release", ""},
                     {"files", {{disk_file, content}}}};
    fs::create_directory(work.path() / "image");
    const fs::path copy = same_image(images_, image);
    if (copy.empty())
      fs::rename(work.path() / disk_file, work.path() / "image" / disk_file);
    else
      fs::create_hard_link(copy / disk_file, work.path() / "image" / disk_file);
    for (const auto& [name, program] : tools_of(recipe)) {
      fs::copy_file(program, work.path() / "image" / name);
      manifest["files"][name] = sha256_hex_of_file(program);
    }
    write_text(work.path() / "image" / "image.json", manifest.dump(2));
    fs::remove_all(image);
    fs::rename(work.path() / "image", image);
    for (const fs::path& one : {images_, folder, image}) let_others_read(one, true);
    let_others_read(image / disk_file, false);
    built = true;
  }
  point_at(recipe, image);
  return load(image);
}

void ImageStore::point_at(const ImageRecipe& recipe, const fs::path& image) const {
  const fs::path folder = images_ / recipe.name;
  const fs::path pointer = folder / ("recipe-" + sha256_hex(recipe_text(recipe)).substr(0, 16));
  fs::remove(folder / "pointer");
  fs::create_directory_symlink(image.filename(), folder / "pointer");
  fs::rename(folder / "pointer", pointer);
}

GuestImage ImageStore::build(const ImageRecipe& recipe, bool& built, const std::stop_token& stop) {
  built = false;
  const fs::path folder = images_ / recipe.name;
  fs::create_directories(folder);
  const FileLock lock(folder / "lock", Deadline("another build of the same image", seconds(300)), stop);
  if (recipe.disk) return build_disk(recipe, built, stop);
  progress_(fmt::format("image {}: asking for package versions (recipe {})", recipe.name, recipe.file));
  const auto simulated = run_or_throw(mmdebstrap(recipe, {"--simulate", "--verbose"}, "/dev/null"),
                                      Deadline("mmdebstrap --simulate", seconds(120)), stop);
  const auto packages = parse_apt_simulation(simulated.output + simulated.errors);
  if (packages.empty()) throw Error("mmdebstrap --simulate named no package");
  const std::string digest = sha256_hex(recipe_text(recipe) + json(packages).dump());
  const fs::path image = folder / digest.substr(0, 16);
  if (!image_damage(image).empty()) {
    const ScratchFolder work(folder / "building");
    fs::create_directories(work.path() / "image");
    const json manifest = {{"name", recipe.name}, {"digest", digest}, {"packages", packages}};
    write_text(work.path() / "manifest.json", manifest.dump());
    assemble(recipe, work.path(), work.path() / "image", stop);
    fs::remove_all(image);
    fs::rename(work.path() / "image", image);
    for (const fs::path& folder_on_the_way : {images_, folder, image}) let_others_read(folder_on_the_way, true);
    for (const char* file : image_files) let_others_read(image / file, false);
    built = true;
  }
  point_at(recipe, image);
  return load(image);
}

void ImageStore::assemble(const ImageRecipe& recipe, const fs::path& work, const fs::path& image,
                          const std::stop_token& stop) const {
  progress_(fmt::format("image {}: fetching and unpacking packages", recipe.name));
  run_or_throw(mmdebstrap(recipe, {"--quiet"}, (work / "root.tar").string()), Deadline("mmdebstrap", seconds(300)),
               stop);
  const fs::path root = work / "root";
  fs::create_directories(root);
  run_or_throw({"tar", "--extract", "--no-same-owner", "--exclude=./dev/*", "--exclude=./usr/share/*", "--file",
                (work / "root.tar").string(), "--directory", root.string()},
               Deadline("tar", seconds(120)), stop);
  if (is_installed(recipe.kernel_release)) {
    fs::create_directories(root / "lib/modules");
    fs::create_directories(root / "boot");
    fs::copy(installed_modules(recipe.kernel_release), root / "lib/modules" / recipe.kernel_release,
             fs::copy_options::recursive | fs::copy_options::skip_symlinks);
    fs::copy_file(installed_kernel(recipe.kernel_release), root / "boot" / ("vmlinuz-" + recipe.kernel_release));
  }
  const std::string release = only_entry(root / "lib/modules");
  progress_(fmt::format("image {}: assembling the initrd (kernel {})", recipe.name, release));
  InitrdTree tree(root, work / "tree", stop);
  for (const std::string& program : recipe.programs) tree.add_program(program);
  for (const std::string& file : recipe.files) tree.add_file(file);
  for (const std::string& program : recipe.own_programs) tree.add_own(program);
  tree.add_modules(recipe.modules, release);
  tree.add_init(recipe.init);
  tree.pack(image / "initrd");
  copy_kernel(root / "boot" / ("vmlinuz-" + release), image / "vmlinux", work, stop);
  json manifest = parse_json(read_whole_file(work / "manifest.json"), "manifest.json");
  manifest["kernel_release"] = release;
  manifest["files"] = digests_of(image);
  write_text(image / "image.json", manifest.dump(2));
}

GuestImage ImageStore::load(const fs::path& folder) {
  try {
    const json manifest = parse_json(read_whole_file(folder / "image.json"), (folder / "image.json").string());
    GuestImage image;
    image.name = manifest.at("name");
    image.digest = manifest.at("digest");
    image.kernel_release = manifest.at("kernel_release");
    image.packages = manifest.at("packages").get<std::map<std::string, std::string>>();
    if (manifest.at("files").contains(disk_file)) {
      image.disk = folder / disk_file;
      return image;
    }
    image.kernel = folder / "vmlinux";
    image.initrd = folder / "initrd";
    return image;
  } catch (const json::exception& error) {
    throw Error(fmt::format("{} is damaged: {}", (folder / "image.json").string(), error.what()),
                "remove the folder; it is built again");
  }
}

std::string image_damage(const fs::path& image) try {
  const json manifest = parse_json(read_whole_file(image / "image.json"), "image.json");
  if (manifest.at("files").contains(disk_file)) return disk_damage(image, manifest);
  for (const char* file : image_files)
    if (manifest.at("files").at(file) != sha256_hex_of_file(image / file))
      return fmt::format("{} is not what was built", file);
  return "";
} catch (const Error& error) {
  return error.what();
} catch (const json::exception&) {
  return "image.json does not say what its files were";
}

std::map<std::string, std::string> parse_apt_simulation(const std::string& text) {
  std::map<std::string, std::string> packages;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verb;
    std::string name;
    std::string version;
    if (words >> verb >> name >> version && verb == "Inst" && version.size() > 1 && version[0] == '(')
      packages[name] = version.substr(1);
  }
  return packages;
}

std::vector<std::string> parse_module_files(const std::string& text) {
  std::vector<std::string> files;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string verb;
    std::string file;
    if (words >> verb >> file && verb == "insmod") files.push_back(file);
  }
  return files;
}

std::vector<std::string> parse_library_files(const std::string& text) {
  std::vector<std::string> files;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto begin = line.find('/');
    if (begin == std::string::npos) continue;
    files.push_back(line.substr(begin, line.find(' ', begin) - begin));
  }
  return files;
}

}  // namespace offlab
