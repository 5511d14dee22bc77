#include "lab/background_load.h"

#include "lab/iperf3_programs.h"
#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr const char* purpose = "the background load";
constexpr std::size_t longest_report = 6'000'000;  // of 128 streams in 61 intervals

// iperf3 that was ended has an exit status of 1, and says so in its report.
std::string report_of(GuestProgram& program, std::string& trouble) {
  std::string of_program;
  std::string report = program.take(of_program);
  if (report.find("has terminated") == std::string::npos && !of_program.empty())
    trouble += (trouble.empty() ? "" : "; ") + of_program;
  return report;
}

}  // namespace

BackgroundLoad::BackgroundLoad(NodeShell& shell, Clock& clock, const step::StartBackground& start,
                               const std::stop_token& stop)
    : is_iperf3_(start.is_iperf3), sender_connects_(start.sender_connects) {
  const std::chrono::milliseconds limit = limits::of_background(start);
  const auto begin = [&](const std::string& node, const std::string& command) {
    return std::make_unique<GuestProgram>(shell, clock,
                                          GuestProgram::Start{node, command, purpose, limit, longest_report}, stop);
  };
  const std::string& serve = sender_connects_ ? start.receive : start.send;
  const std::string& connect = sender_connects_ ? start.send : start.receive;
  listener_ = begin(sender_connects_ ? start.receiver : start.sender,
                    is_iperf3_ ? listening_iperf3(serve, start.listening_port) : serve);
  listener_->await(GuestProgram::listening, stop);
  initiator_ = begin(sender_connects_ ? start.sender : start.receiver,
                     is_iperf3_ ? connecting_iperf3(connect, start.port) : connect);
  initiator_->await(GuestProgram::connected, stop);
}

BackgroundLoad::~BackgroundLoad() = default;

BackgroundOutput BackgroundLoad::end(const std::stop_token& stop) {
  GuestProgram& sender = sender_connects_ ? *initiator_ : *listener_;
  GuestProgram& receiver = sender_connects_ ? *listener_ : *initiator_;
  BackgroundOutput output;
  if (is_iperf3_) {
    // The server prints its report when its client has ended; a signal meanwhile would break that off.
    initiator_->ask_to_end();
    if (!listener_->has_ended_within(limits::transfer_report, stop)) listener_->ask_to_end();
    output.sender = report_of(sender, output.trouble);
    output.receiver = report_of(receiver, output.trouble);
    return output;
  }
  sender.ask_to_end();
  output.sender = sender.take(output.trouble);
  receiver.ask_to_end();
  output.receiver = receiver.take(output.trouble);
  return output;
}

}  // namespace offlab
