#include <fmt/core.h>

#include "base/clean_format.h"
#include "base/units.h"
#include "base/usage_error.h"
#include "bundle/make_bundle.h"
#include "cli/commands.h"
#include "cli/terminal.h"

namespace offlab {
namespace {

ForeignEvidence evidence_of(const BundleCommandOptions& options) {
  ForeignEvidence evidence;
  evidence.first = {options.before.begin(), options.before.end()};
  evidence.second = {options.behind.begin(), options.behind.end()};
  evidence.sides_are_known = !options.behind.empty();
  return evidence;
}

AssumedRouter router_of(const BundleCommandOptions& options) {
  AssumedRouter router;
  if (!options.lro.empty()) router.lro = options.lro == "on";
  if (options.ingress_mtu != 0) router.ingress_mtu = options.ingress_mtu;
  if (options.egress_mtu != 0) router.egress_mtu = options.egress_mtu;
  return router;
}

std::string told(const MadeBundle& made) {
  const BundleFacts& facts = made.facts;
  std::string text =
      clean_format("{}: {} files, {}\n", made.place.string(), made.files, to_string(ByteCount{made.bytes}));
  if (!facts.why_no_lab.empty())
    text += clean_format("no lab is in it: {}\n", facts.why_no_lab);
  else if (facts.imitates)
    text += "its lab imitates the machines of the captures\n";
  if (facts.why_no_lab.empty())
    text += facts.why_no_script.empty()
                ? clean_format("run it again: offlab replay {}, or ./reproduce.sh in it\n", made.place.string())
                : clean_format("run it again: offlab replay {} (no script for plain QEMU: {})\n", made.place.string(),
                               facts.why_no_script);
  if (!made.mapping.empty())
    text += clean_format("addresses were replaced; the mapping is in {}: keep it, and do not hand it over\n",
                         made.mapping.string());
  return text;
}

}  // namespace

int bundle_command(const BundleCommandOptions& options) {
  if (options.run.empty() == options.before.empty())
    throw UsageError("error: name a run folder, or captures with --before and --behind, and not both\n");
  const MadeBundle made =
      options.run.empty()
          ? as_usage([&] { return bundle_of_captures(evidence_of(options), router_of(options), options.bundle); })
          : bundle_of_run(options.run, options.case_id, options.bundle);
  Terminal terminal;
  terminal.text(told(made));
  return 0;
}

}  // namespace offlab
