#include "esxi/esxcli_settings.h"

#include <algorithm>

#include <fmt/core.h>

#include "base/error.h"
#include "esxi/esxcli_text.h"
#include "esxi/host_command.h"

namespace offlab {
namespace {

using std::chrono::seconds;

constexpr seconds answer_limit{50};
// A `set` whose offlab was killed goes on by itself: as long as it does, this folder is there, and whoever comes waits.
constexpr const char* wait_for_others =
    "d=/tmp/offlab.setting; n=0; while [ -d $d ] && [ $n -lt 20 ]; do n=$((n + 1)); sleep 1; done; ";

}  // namespace

std::string EsxcliSettings::run(const std::string& words) {
  const std::string command = "esxcli system settings advanced " + words;
  const std::string script = wait_for_others + ("mkdir $d 2> /dev/null; " + command) + "; s=$?; rmdir $d; exit $s";
  return run_on_host(shell_, host_, command, script, Deadline("esxcli on " + host_, answer_limit, clock_), {});
}

// One by one, a key that the host does not have could not be told from any other failure.
std::vector<EsxiSetting> EsxcliSettings::read(const std::string&, const std::vector<std::string>& keys) {
  const std::vector<EsxiSetting> all = parse_esxcli_list(run("list"));
  if (all.empty())
    throw Error(fmt::format("{}: esxcli lists no settings", host_), "is it an ESXi host? esxcli system version get");
  std::vector<EsxiSetting> found;
  for (const std::string& key : keys) {
    const auto one = std::find_if(all.begin(), all.end(), [&](const EsxiSetting& each) { return each.key == key; });
    found.push_back(one == all.end() ? EsxiSetting{key} : *one);
  }
  return found;
}

void EsxcliSettings::write(const std::string&, const std::string& key, std::int64_t value) {
  run(fmt::format("set -o {} -i {}", esxcli_path(key), value));
}

}  // namespace offlab
