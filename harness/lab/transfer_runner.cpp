#include "lab/transfer_runner.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include <fmt/core.h>

#include "base/error.h"
#include "lab/guest_program.h"
#include "lab/iperf3_programs.h"
#include "lab/run_commands.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A hundred streams ten times a second would fill the guest's time with JSON.
constexpr unsigned many_streams = 16;
constexpr double told_every = 0.5;

// iperf3 that is told to end while it prints its report dies without one. It begins later than the clock here, so it
// has at least this long to go.
constexpr double shortest_cut = 0.5;

const char* report_interval(const step::Transfer& transfer) {
  return transfer.streams > many_streams ? "0.5" : "0.1";
}

std::string iperf3_client(const step::Transfer& transfer, int total) {
  const std::string rate =
      transfer.rate ? fmt::format(" --bitrate {:.0f}", transfer.rate->bits_per_second / transfer.streams) : "";
  return fmt::format(
      "iperf3 --client {} --port {}{} --connect-timeout {} --parallel {} --time {} --interval {}{} --json",
      to_string(transfer.address), transfer.port, transfer.sender_connects ? "" : " --reverse",
      milliseconds(limits::connect).count(), transfer.streams, total,
      transfer.sender_connects ? "1" : report_interval(transfer), rate);
}

// Serves one transfer, then prints its report.
std::string iperf3_listener(const step::Transfer& transfer) {
  return listening_iperf3(fmt::format("iperf3 --server --one-off --port {} --interval {} --json",
                                      transfer.listening_port, report_interval(transfer)),
                          transfer.listening_port);
}

// What a report says of its end; empty where it says nothing.
std::string iperf3_error(const std::string& report) {
  constexpr std::string_view begin = R"("error":)";
  const auto place = report.rfind(begin);
  if (place == std::string::npos) return "";
  const auto from = report.find('"', place + begin.size());
  const auto to = from == std::string::npos ? from : report.find('"', from + 1);
  return to == std::string::npos ? "" : report.substr(from + 1, to - from - 1);
}

// Of its report: 400 bytes for each stream in each interval, and a sum.
std::size_t report_limit(const step::Transfer& transfer, int total) {
  const std::size_t intervals = static_cast<std::size_t>(total) * (transfer.streams > many_streams ? 2 : 10);
  return std::min(NodeShell::longest_report, NodeShell::longest_output + intervals * (transfer.streams + 1) * 600);
}

TransferRules rules_for(const LegPlan& leg, RateSeries control) {
  // A round that was added because the first one left a doubt is there to be long.
  return {leg.intent.warmup_seconds, leg.intent.throughput_floor, leg.round == 1, std::move(control)};
}

}  // namespace

TransferRunner::TransferRunner(LabPorts ports, const LegPlan& leg, std::string case_id, const Capture* capture,
                               RateSeries control, const std::stop_token& stop, LegObservation& seen)
    : ports_(ports),
      leg_(leg),
      case_id_(std::move(case_id)),
      capture_(capture),
      stop_(stop),
      seen_(seen),
      watch_(rules_for(leg, std::move(control))) {}

void TransferRunner::run(const step::Transfer& transfer) {
  const int total = static_cast<int>(std::ceil(transfer.warmup_seconds + transfer.duration_seconds));
  const auto cpu_before = cpu_seconds();
  std::jthread watcher([&](const std::stop_token& done) {
    if (!transfer.sampled_taps.empty()) watch_until(done, transfer);
  });
  try {
    if (transfer.sender_connects)
      push(transfer, total);
    else
      pull(transfer, total);
  } catch (const Error&) {
    watcher.request_stop();
    watcher.join();
    if (silent_) throw MachineSilent(*silent_);  // what failed besides is its consequence
    throw;
  }
  watcher.request_stop();
  watcher.join();
  if (silent_) throw MachineSilent(*silent_);
  for (const auto& [node, spent] : cpu_seconds())
    if (const auto before = cpu_before.find(node); before != cpu_before.end())
      seen_.cpu_seconds[node] = spent - before->second;
  seen_.transfer.traffic_seconds = watch_.traffic_seconds();
}

CommandResult TransferRunner::connect(const step::Transfer& transfer, int total) {
  CommandResult result =
      ports_.shell.run_until(transfer.sender_connects ? transfer.sender : transfer.receiver,
                             iperf3_ended_by_input(iperf3_client(transfer, total)),
                             Deadline(fmt::format("transfer from {} to {}", transfer.sender, transfer.receiver),
                                      seconds(total) + limits::transfer_margin, ports_.clock),
                             stop_, enough_.get_token(), report_limit(transfer, total));
  seen_.transfer.client_stderr = result.errors;
  seen_.transfer.exit_status = result.exit_status;
  return result;
}

// The receiver connects: the sender's server is there all the time, or for this one transfer.
void TransferRunner::pull(const step::Transfer& transfer, int total) {
  seen_.transfer.client_json =
      (transfer.starts_listener ? connect_to_listener(transfer, total).client : connect(transfer, total)).output;
}

// The sender connects: the receiver listens for this one transfer, and its report is what counts.
void TransferRunner::push(const step::Transfer& transfer, int total) {
  const Ends ends = connect_to_listener(transfer, total);
  const std::size_t begin = ends.listener_report.find('{');
  seen_.transfer.client_json = begin == std::string::npos ? ends.client.output : ends.listener_report.substr(begin);
}

// What listens there may be somebody else's, who had the port before.
void TransferRunner::require_own(GuestProgram& listener, const step::Transfer& transfer) {
  if (!listener.has_ended_within(limits::bind, stop_)) return;
  std::string trouble;
  const std::string why = iperf3_error(listener.take(trouble));
  throw Error(fmt::format("iperf3 cannot listen on TCP port {} of '{}': {}", transfer.listening_port,
                          transfer.sender_connects ? transfer.receiver : transfer.sender, why.empty() ? trouble : why),
              fmt::format("end what listens on port {} there", transfer.listening_port));
}

TransferRunner::Ends TransferRunner::connect_to_listener(const step::Transfer& transfer, int total) {
  GuestProgram listener(
      ports_.shell, ports_.clock,
      {transfer.sender_connects ? transfer.receiver : transfer.sender, iperf3_listener(transfer), "iperf3's server",
       seconds(total) + limits::transfer_margin + 2 * limits::command, report_limit(transfer, total)},
      stop_);
  listener.await(GuestProgram::listening, stop_);
  if (transfer.starts_listener) require_own(listener, transfer);
  Ends ends;
  ends.client = connect(transfer, total);
  // Where no connection came about it would wait for one.
  const bool is_whole = ends.client.exit_status == 0 || enough_.stop_requested();
  if (!is_whole || !listener.has_ended_within(limits::transfer_report, stop_)) listener.ask_to_end();
  std::string trouble;
  ends.listener_report = listener.take(trouble);
  return ends;
}

// Of the devices under test, so far; without those that cannot be told.
std::map<std::string, double> TransferRunner::cpu_seconds() {
  std::map<std::string, double> spent;
  if (!leg_.intent.observable.tap_states) return spent;  // nothing is seen of what runs the machines
  for (const HopIntent& hop : leg_.intent.hops) try {
      spent[hop.hop.router] = ports_.hypervisor.cpu_seconds(hop.hop.router);
    } catch (const Error& error) {
      ports_.observer.on(event::Note{error.what()});
    }
  return spent;
}

// Reads the counters every 100 ms until told to stop.
void TransferRunner::watch_until(const std::stop_token& done, const step::Transfer& transfer) {
  const Clock::Time begin = ports_.clock.now();
  for (int tick = 1; !done.stop_requested(); ++tick) {
    try {
      look(transfer, Seconds(ports_.clock.now() - begin).count());
    } catch (const MachineSilent& error) {
      silent_ = error;
      enough_.request_stop();
      return;
    } catch (const std::exception& error) {  // the tap is gone: its guest died, which is told elsewhere
      ports_.observer.on(event::Note{fmt::format("sampling ended: {}", error.what())});
      return;
    }
    ports_.clock.wait_until(begin + milliseconds(100) * tick, done);
  }
}

void TransferRunner::look(const step::Transfer& transfer, double seconds) {
  TransferMoment moment;
  moment.seconds = seconds;
  for (const std::string& tap : transfer.sampled_taps) {
    TapSample sample = ports_.observation.sample(tap);
    sample.seconds = seconds;
    if (tap == leg_.intent.hops.front().ingress_tap) moment.into_router = sample.tx_bytes;
    if (tap == leg_.intent.hops.back().egress_tap) moment.out_of_router = sample.rx_bytes;
    seen_.samples.push_back(std::move(sample));
  }
  // An error that passes several devices on its way is one.
  if (capture_ != nullptr)
    for (const HopIntent& hop : leg_.intent.hops)
      if (hop.ingress) moment.bogus_errors = std::max(moment.bogus_errors, capture_->bogus_errors(hop.ingress->id));
  tell_progress(transfer, moment);
  if (enough_.stop_requested()) return;
  const auto end = watch_.feed(moment);
  const double left = transfer.warmup_seconds + transfer.duration_seconds - seconds;
  // A stream that does not get its connection holds iperf3 up for two minutes.
  if (-left > Seconds(limits::overtime).count()) return end_early(TransferEnd::stalled);
  if (!end || !leg_.intent.early_stop || left < shortest_cut) return;
  end_early(*end);
}

void TransferRunner::end_early(TransferEnd end) {
  const std::lock_guard lock(ending_);
  if (enough_.stop_requested()) return;
  seen_.transfer.end = end;
  enough_.request_stop();
}

void TransferRunner::tell_progress(const step::Transfer& transfer, const TransferMoment& moment) {
  const TransferMoment before = last_told_.value_or(moment);
  const double passed = moment.seconds - before.seconds;
  if (last_told_ && passed < told_every) return;
  const auto rate = [&](std::uint64_t from, std::uint64_t to) {
    return passed > 0 && to >= from ? 8 * static_cast<double>(to - from) / passed : 0;
  };
  event::TransferProgress progress{case_id_, std::string(to_string(leg_.role)), moment.seconds,
                                   transfer.warmup_seconds + transfer.duration_seconds};
  progress.uplink_bps = rate(before.into_router, moment.into_router);
  progress.passed_bps = rate(before.out_of_router, moment.out_of_router);
  if (capture_ != nullptr) progress.bogus_errors = moment.bogus_errors;
  ports_.observer.on(progress);
  last_told_ = moment;
}

}  // namespace offlab
