#include "lab/background_load.h"

#include "plan/deadlines.h"

namespace offlab {
namespace {

constexpr const char* purpose = "the background load";

}  // namespace

BackgroundLoad::BackgroundLoad(NodeShell& shell, Clock& clock, const step::StartBackground& start,
                               const std::stop_token& stop) {
  const std::chrono::milliseconds limit = limits::of_background(start);
  sender_ =
      std::make_unique<GuestProgram>(shell, clock, GuestProgram::Start{start.sender, start.send, purpose, limit}, stop);
  sender_->await("listening", stop);
  receiver_ = std::make_unique<GuestProgram>(shell, clock,
                                             GuestProgram::Start{start.receiver, start.receive, purpose, limit}, stop);
  receiver_->await("connected", stop);
}

BackgroundLoad::~BackgroundLoad() = default;

BackgroundOutput BackgroundLoad::end() {
  BackgroundOutput output;
  sender_->ask_to_end();
  output.sender = sender_->take(output.trouble);
  receiver_->ask_to_end();
  output.receiver = receiver_->take(output.trouble);
  return output;
}

}  // namespace offlab
