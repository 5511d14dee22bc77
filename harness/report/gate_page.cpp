#include "report/gate_page.h"

#include <algorithm>

#include "base/clean_format.h"
#include "base/units.h"

namespace offlab {
namespace {

std::string rate(double bits_per_second) {
  return to_string(BitRate{bits_per_second});
}

std::string class_words(const CaseResult& result) {
  if (result.fault_class) return std::string(to_string(*result.fault_class));
  return std::string(to_string(result.forwarding)) + (result.reason.empty() ? "" : ": " + result.reason);
}

std::string goodput_words(const CaseResult& result) {
  const auto goodput = result.measured ? result.measured->goodput_bps : std::nullopt;
  return goodput ? ", " + rate(*goodput) : "";
}

std::string interval_words(const PairedInterval& interval, double sign) {
  if (!interval.half_width) return "no interval yet";
  const double a = percent_change(sign * (interval.mean - *interval.half_width));
  const double b = percent_change(sign * (interval.mean + *interval.half_width));
  return fmt::format("{:+.1f} .. {:+.1f} %", std::min(a, b), std::max(a, b));
}

// Of the arm's legs, in the middle.
template <typename Figure>
double middle(const std::vector<GatePair>& pairs, Figure figure) {
  std::vector<double> values;
  for (const GatePair& pair : pairs) values.push_back(figure(pair));
  std::sort(values.begin(), values.end());
  return values.empty() ? 0 : values[values.size() / 2];
}

std::string figure_line(const char* name, const std::string& baseline, const std::string& candidate,
                        const Comparison& comparison, double sign) {
  const PairedInterval& interval = comparison.interval;
  return clean_format("  {:<16}  {:>14}  {:>14}  {:>9}  {:>20}  {:>5}  {}\n", name, baseline, candidate,
                      fmt::format("{:+.1f} %", percent_change(sign * interval.mean)), interval_words(interval, sign),
                      interval.pairs, to_string(comparison.answer));
}

std::string narrow_words(const char* name, const Comparison& comparison) {
  if (!comparison.too_narrow) return "";
  return clean_format(
      "  {}: neighbouring pairs depend on each other (correlation {:.2f}): the interval is too narrow, the answer less "
      "certain than it says\n",
      name, *comparison.interval.neighbour_correlation);
}

std::string figures(const GateReport& report) {
  const std::vector<GatePair>& pairs = report.pairs;
  std::string text =
      clean_format("\n  {:<16}  {:>14}  {:>14}  {:>9}  {:>20}  {:>5}  {}\n", "", "baseline", "candidate", "delta",
                   fmt::format("{:g} % interval", 100 * (1 - report.limits.alpha)), "pairs", "answer");
  text +=
      figure_line("goodput", rate(middle(pairs, [](const GatePair& p) { return p.baseline.goodput_bps; })),
                  rate(middle(pairs, [](const GatePair& p) { return p.candidate.goodput_bps; })), *report.goodput, 1);
  if (report.cpu) {
    const auto seconds = [&](auto arm) {
      return fmt::format("{:.2f}",
                         middle(pairs, [&](const GatePair& p) { return arm(p).cpu_seconds_per_gbit.value_or(0); }));
    };
    text += figure_line("CPU s for 1 Gbit", seconds([](const GatePair& p) { return p.baseline; }),
                        seconds([](const GatePair& p) { return p.candidate; }), *report.cpu, -1);
  } else {
    text += "  CPU time for a gigabit was not read in every leg, and is not compared\n";
  }
  if (std::any_of(pairs.begin(), pairs.end(), [](const GatePair& pair) { return pair.reference_bps.has_value(); }))
    text += clean_format("  {:<16}  {:>14}\n", "without routers",
                         rate(middle(pairs, [](const GatePair& p) { return p.reference_bps.value_or(0); })));
  text += narrow_words("goodput", *report.goodput);
  if (report.cpu) text += narrow_words("CPU", *report.cpu);
  return text + "  The interval holds at every look: stopping early does not make it wrong more often.\n";
}

std::string upper(std::string_view words) {
  std::string text(words);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c == '-' ? ' ' : static_cast<char>(std::toupper(c)); });
  return text;
}

}  // namespace

std::string gate_page(const GateReport& report, const std::string& folder) {
  std::string text = clean_format("\n{}, case {}: {}\n  {}\n\n", report.name, report.case_id,
                                  upper(to_string(report.answer)), report.why);
  const auto arm = [](const char* name, const GateArm& one) {
    return clean_format("  {:<10} {:<40}  {}{}\n", name, one.words.empty() ? "as it is" : one.words,
                        class_words(one.result), goodput_words(one.result));
  };
  text += arm("baseline", report.baseline) + arm("candidate", report.candidate);
  if (report.again)
    text += clean_format("  {:<10} {:<40}  {}{}\n", "again", "in a second lab", class_words(*report.again),
                         goodput_words(*report.again));
  text += report.goodput ? figures(report) : "\n  The classes decide: figures were not compared.\n";
  return text + clean_format("\nevidence: {}\n", folder);
}

std::string gate_progress(const std::vector<GatePair>& pairs, const Comparison& goodput) {
  const GatePair& last = pairs.back();
  return clean_format("pair {:>2}  {:>14}  {:>14}   so far {:+.1f} % ({})\n", pairs.size(),
                      rate(last.baseline.goodput_bps), rate(last.candidate.goodput_bps),
                      percent_change(goodput.interval.mean), interval_words(goodput.interval, 1));
}

}  // namespace offlab
