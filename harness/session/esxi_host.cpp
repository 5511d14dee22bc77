#include "session/esxi_host.h"

#include <fmt/core.h>

#include "base/usage_error.h"
#include "config/parse_esxi_host.h"
#include "session/named_files.h"

namespace offlab {

EsxiHosts load_esxi_host(const std::string& file) {
  const std::string text = read_named_file(file);
  ParsedEsxiHost parsed = parse_esxi_host(text, file);
  if (!parsed.host) throw UsageError(render(parsed.diagnostics, text));
  EsxiHosts& host = *parsed.host;
  host.file = std::filesystem::absolute(file);
  const std::filesystem::path beside = std::filesystem::path(file).parent_path();
  if (host.ssh) find_files_of(*host.ssh, beside);
  if (host.api)
    for (std::string* one : {&host.api->password_file, &host.api->ca_file}) find_file(*one, beside);
  return std::move(host);
}

EsxiHosts load_usable_esxi_host(const std::string& file) {
  EsxiHosts host = load_esxi_host(file);
  const auto look = [](const char* what, const std::string& one) {
    if (!one.empty() && !std::filesystem::exists(one))
      throw UsageError(fmt::format("error: the {} is not there: {}\n", what, one));
  };
  if (host.ssh) {
    look("key", host.ssh->login.key_file);
    look("known_hosts file", host.ssh->known_hosts);
    look("file with the password", host.ssh->login.password_file);
  } else {
    look("file with the password", host.api->password_file);
    look("file with the authority's certificate", host.api->ca_file);
  }
  return host;
}

}  // namespace offlab
