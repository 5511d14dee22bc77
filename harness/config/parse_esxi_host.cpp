#include "config/parse_esxi_host.h"

#include "config/parse_login.h"
#include "config/recognized_file.h"
#include "config/table_reader.h"

namespace offlab {
namespace {

const FileTable& root_table() {
  static const FileTable table = {"esxi", "the file of an ESXi host", "", {{"esxi"}}};
  return table;
}

}  // namespace

ParsedEsxiHost parse_esxi_host(std::string_view text, const std::string& file) {
  Mistakes mistakes(file);
  const auto table = parse_recognized(text, root_table(), "file of an ESXi host", mistakes);
  if (!table) return {std::nullopt, mistakes.take()};
  TableReader root(root_table(), *table, {}, mistakes);
  std::optional<MachineLogin> host;
  if (const auto one = read_table(root.require("esxi"), mistakes)) host = parse_machine(*one, mistakes);
  root.refuse_unknown_keys();
  if (mistakes.count() != 0 || !host) return {std::nullopt, mistakes.take()};
  return {std::move(host), {}};
}

}  // namespace offlab
