#include "cache/copy_disk.h"

#include <array>
#include <fstream>

#include <fmt/core.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/parse_json.h"
#include "process/subprocess.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using std::chrono::seconds;

constexpr std::size_t sector = 512;
constexpr seconds copy_limit{540};

std::string first_sector_of(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    throw Error(fmt::format("there is no disk {}", file.string()), "`disk` in the recipe is a path from its folder");
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw system_error(fmt::format("reading {}", file.string()));
  std::string text(sector, '\0');
  stream.read(text.data(), sector);
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

std::string convert_remedy(const std::string& name) {
  return fmt::format("make one that is: qemu-img convert -O qcow2 {} router.qcow2", name);
}

}  // namespace

std::string disk_format(std::string_view first_sector, const std::string& name) {
  if (first_sector.starts_with("QFI\xfb")) return "qcow2";
  if (first_sector.starts_with("KDMV")) return "vmdk";
  if (first_sector.starts_with("# Disk DescriptorFile"))
    throw Error(fmt::format("{} is a VMDK descriptor, its data are in other files", name), convert_remedy(name));
  for (const auto& [magic, format] : {std::pair("vhdxfile", "VHDX"), {"conectix", "VHD"}, {"<<< ", "VDI"}})
    if (first_sector.starts_with(magic))
      throw Error(fmt::format("{} is a {} disk; qcow2, raw and vmdk are read", name, format), convert_remedy(name));
  const bool has_boot_record =
      first_sector.size() == sector && first_sector[510] == '\x55' && first_sector[511] == '\xaa';
  if (!has_boot_record)
    throw Error(fmt::format("{} is no disk: neither qcow2 nor vmdk, and without a partition table", name),
                "file(1) tells what it is");
  return "raw";
}

std::string other_files_of(const std::string& info, const std::string& file) try {
  const json disk = parse_json(info, "qemu-img info");
  if (disk.contains("backing-filename"))
    return fmt::format("it is an overlay of {}", disk.at("backing-filename").get<std::string>());
  const json format = disk.value("format-specific", json::object());
  const json data = format.value("data", json::object());
  if (data.contains("data-file")) return fmt::format("its data are in {}", data.at("data-file").get<std::string>());
  if (data.value("encrypted", false) || disk.value("encrypted", false) || data.contains("encrypt"))
    return "it is encrypted";
  for (const json& extent : data.value("extents", json::array()))
    if (extent.value("filename", file) != file)
      return fmt::format("its data are in {}", extent.at("filename").get<std::string>());
  return "";
} catch (const json::exception& error) {
  throw Error(fmt::format("qemu-img tells nothing of {}: {}", file, error.what()));
}

void copy_disk(const fs::path& from, const fs::path& to, const std::stop_token& stop) {
  const std::string name = from.string();
  const std::string format = disk_format(first_sector_of(from), name);
  const ProgramResult info = run_or_throw({"qemu-img", "info", "--output=json", "-U", "-f", format, name},
                                          Deadline("qemu-img info", seconds(20)), stop);
  if (const std::string other = other_files_of(info.output, name); !other.empty())
    throw Error(fmt::format("{} is not a disk in one file: {}", name, other), convert_remedy(name));
  const ProgramResult copied = run_program({"qemu-img", "convert", "-f", format, "-O", "qcow2", name, to.string()},
                                           Deadline(fmt::format("the copy of {}", name), copy_limit), stop);
  if (copied.exit_status == 0) return;
  if (copied.errors.find("lock") != std::string::npos)
    throw Error(fmt::format("{} is in use: {}", name, copied.errors), "shut the machine down that uses it");
  throw Error(fmt::format("copying {}: {}", name, copied.errors), "is the disk full?");
}

std::string identity_of(const fs::path& file) {
  struct stat found {};
  if (stat(file.c_str(), &found) != 0) return "";
  return fmt::format("{} {} {} {}.{:09} {}.{:09}", found.st_dev, found.st_ino, found.st_size, found.st_mtim.tv_sec,
                     found.st_mtim.tv_nsec, found.st_ctim.tv_sec, found.st_ctim.tv_nsec);
}

}  // namespace offlab
