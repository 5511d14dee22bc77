#include "capture/capture_set.h"

namespace offlab {
namespace {

// A file that ends inside a packet is good up to there.
class GoodPart : public FrameSource {
 public:
  GoodPart(const std::filesystem::path& file, std::shared_ptr<std::string> cut_off)
      : file_(open_capture_file(file)), cut_off_(std::move(cut_off)) {}

  bool next(Frame& frame) override {
    if (ended_) return false;
    try {
      return file_->next(frame);
    } catch (const TruncatedCapture& truncated) {
      *cut_off_ = truncated.what();
      ended_ = true;
      return false;
    }
  }

 private:
  std::unique_ptr<CaptureFile> file_;
  std::shared_ptr<std::string> cut_off_;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<FrameSource> CaptureSet::open() const {
  return std::make_unique<GoodPart>(files_.at(0), cut_off_);
}

}  // namespace offlab
