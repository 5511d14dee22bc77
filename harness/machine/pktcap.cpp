#include "machine/pktcap.h"

#include <charconv>

#include <fmt/core.h>

#include "base/shell_words.h"
#include "lab/run_commands.h"

namespace offlab {
namespace {

std::optional<std::uint64_t> number_behind(const std::string& text, std::string_view words) {
  const auto at = text.rfind(words);
  if (at == std::string::npos) return std::nullopt;
  std::uint64_t number = 0;
  const char* begin = text.data() + at + words.size();
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  return error == std::errc() ? std::optional(number) : std::nullopt;
}

}  // namespace

std::string pktcap_place(const std::string& interface) {
  return fmt::format(
      "command -v pktcap-uw > /dev/null || {{ echo 'there is no pktcap-uw: is it an ESXi host?'; exit 1; }}\n"
      "w={}\n"
      "case $w in\n"
      "  vmnic*) esxcli network nic list | grep -q \"^$w \" || {{ echo \"it has no uplink $w\"; exit 1; }}\n"
      "    words=\"--uplink $w --capture UplinkSndKernel,UplinkRcvKernel\" ;;\n"
      "  *[!0-9]*) port=$(net-stats -l | awk -v w=\"$w\" '$6 !~ /^(vmnic|vmk)/ && (tolower($5) == tolower(w) || $6 == "
      "w) "
      "{{ print $1 }}')\n"
      "    case $port in ''|*[!0-9]*) echo \"net-stats -l has not one virtual NIC $w; it has\" $(net-stats -l | "
      "awk 'NR > 1 && $6 !~ /^(vmnic|vmk)/ {{ print $6 }}'); exit 1 ;; esac\n"
      "    words=\"--switchport $port --capture VnicTx,VnicRx\" ;;\n"
      "  *) words=\"--switchport $w --capture VnicTx,VnicRx\" ;;\n"
      "esac\n",
      shell_quoted(interface));
}

// pktcap-uw has no filter for ICMP and fragments together, and no limit of time. Its pid is in a file, since a shell
// tells only that of a pipeline's last program. The timeout of hosts before 6.7 has another syntax.
std::string pktcap_script(const std::string& interface, std::uint32_t snap_length, const std::string& filter,
                          std::chrono::seconds longest) {
  const std::string pipeline = fmt::format(
      "{{ {{ $limit pktcap-uw $words -s {0} -o - 2> $t.err & echo $! > $t.pid; wait $!; }} | "
      "tcpdump-uw -r - -U -s {0} -w - {1} 2> $t.filter; s=$?; cat $t.err $t.filter >&2; rm -f $t.err $t.filter $t.pid; "
      "exit $s; }}",
      snap_length, shell_quoted(filter));
  return "{\n" + pktcap_place(interface) + "} >&2\n" +
         fmt::format(
             "limit=\"timeout -s INT {0}\"; timeout -t 1 true 2> /dev/null && limit=\"timeout -s INT -t {0}\"\n"
             "t=/tmp/offlab.capture.$$\n",
             longest.count()) +
         ended_by_input(pipeline, "read -r q < $t.pid; kill -INT $q");
}

std::optional<std::uint64_t> dropped_by_pktcap(const std::string& errors) {
  if (const auto dropped = number_behind(errors, ", dropped ")) return dropped;
  return number_behind(errors, "drop: ");
}

}  // namespace offlab
