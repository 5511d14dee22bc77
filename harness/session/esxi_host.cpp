#include "session/esxi_host.h"

#include "base/usage_error.h"
#include "config/parse_esxi_host.h"
#include "session/named_files.h"

namespace offlab {

MachineLogin load_esxi_host(const std::string& file) {
  const std::string text = read_named_file(file);
  ParsedEsxiHost parsed = parse_esxi_host(text, file);
  if (!parsed.host) throw UsageError(render(parsed.diagnostics, text));
  find_files_of(*parsed.host, std::filesystem::path(file).parent_path());
  return *parsed.host;
}

}  // namespace offlab
