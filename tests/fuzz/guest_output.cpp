#include "fuzz/guest_output.h"

#include "base/error.h"
#include "fuzz/small_run.h"
#include "lab/guest_values.h"
#include "measure/counters.h"
#include "runner/case_rounds.h"
#include "unit/recorded_run.h"

namespace offlab::fuzz {
namespace {

constexpr std::size_t kept_frames = 24;

void shorten(Snapshot& snapshot) {
  for (auto& [node, text] : snapshot.nodes) text = short_guest_text(text);
}

// Values that a leg sets in guests, among what one printed.
void learn_values(const std::string& output) {
  GuestValues values;
  const step::SetValue forwarding{{"ip_forward", "/proc/sys/net/ipv4/ip_forward"}, "0"};
  values.learn("router", {forwarding}, output, true);
  for (const auto& [file, value] : values.before("router")) put_back_value(file, value);
}

}  // namespace

RecordedLeg guest_leg() {
  RecordedLeg leg = recorded_leg("hypervisor-lro");
  for (auto& [nic, text] : leg.seen.baseline) text = few_offloads(text);
  shorten(leg.seen.before);
  shorten(leg.seen.after);
  for (auto& [node, text] : leg.seen.after.nodes)
    text = replaced(text, "==> end <==", "[    9.1] wan: bad gso: type: 1, size: 1448\n==> end <==");
  leg.ingress.resize(kept_frames);
  leg.egress.resize(kept_frames);
  leg.seen.stream = StreamOutput{1000, 1000, "ab", "ab", ""};
  leg.intent.flow.background.sender = BackgroundSender::bsd;
  leg.seen.background = BackgroundOutput{
      "listening\n{\"connections\": 100, \"seconds\": 8.264, \"written_bytes\": 4140000, \"sent_bytes\": 45639000, "
      "\"acknowledged_bytes\": 527060, \"errors\": 9837, \"timeouts\": 461, \"end\": \"input\"}\n",
      "connected\n", ""};
  return leg;
}

std::vector<GuestText> guest_texts(RecordedLeg& leg) {
  std::vector<GuestText> texts;
  for (auto& [nic, text] : leg.seen.baseline) texts.push_back({"offloads of " + to_string(nic), &text});
  for (auto& [node, text] : leg.seen.before.nodes) texts.push_back({"before/" + node, &text});
  for (auto& [node, text] : leg.seen.after.nodes) texts.push_back({"after/" + node, &text});
  texts.push_back({"iperf3.json", &leg.seen.transfer.client_json});
  texts.push_back({"iperf3.stderr", &leg.seen.transfer.client_stderr});
  texts.push_back({"sent_sha256", &leg.seen.stream->sent_sha256});
  texts.push_back({"received_sha256", &leg.seen.stream->received_sha256});
  texts.push_back({"background sender", &leg.seen.background->sender});
  return texts;
}

std::vector<std::string> measure_guest_output(const RecordedLeg& leg) {
  RoundComparison rounds;
  for (const LegRole role : {LegRole::control, LegRole::measured}) rounds.add({role, leg.intent, {}, 1}, leg.seen);
  static_cast<void>(rounds.undecided());
  for (const auto& [node, text] : leg.seen.before.nodes) {
    learn_values(text);
    try {
      parse_counter_text(text);
    } catch (const Error&) {  // there is no counter in it
    }
  }
  return leg.measure().missing;
}

}  // namespace offlab::fuzz
