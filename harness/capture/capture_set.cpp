#include "capture/capture_set.h"

#include <algorithm>
#include <array>
#include <exception>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/handle.h"
#include "capture/decoder.h"
#include "capture/frame_spool.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

bool is_standard_input(const fs::path& file) {
  return file == "-";
}

fs::path name_for_people(const fs::path& file) {
  return is_standard_input(file) ? "standard input" : file;
}

UniqueFd open_to_read(const fs::path& file) {
  UniqueFd opened(is_standard_input(file) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                          : open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!opened) throw system_error(fmt::format("opening {}", name_for_people(file).string()));
  return opened;
}

// One of the files. What was read of one that can be read only once stays here until it is wanted.
struct Member {
  fs::path path;
  bool is_compressed = false;
  bool only_once = false;
  UniqueFd opened;
  std::unique_ptr<CaptureFile> begun;
  std::optional<Frame> first;                                        // of `begun`
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();  // without frames it goes last
  std::string cut_off;                                               // before the first frame
};

Member open_member(const fs::path& path) {
  Member member;
  member.path = path;
  member.opened = open_to_read(path);
  const std::string name = name_for_people(path).string();
  struct stat status {};
  if (fstat(member.opened.get(), &status) != 0) throw system_error(fmt::format("opening {}", name));
  if (S_ISDIR(status.st_mode)) throw Error(fmt::format("{} is a folder", name), "name the captures in it");
  if (isatty(member.opened.get()) != 0)
    throw Error(fmt::format("{} is a terminal", name), "name a file, or let tcpdump -w - write into a pipe");
  member.only_once = is_standard_input(path) || !S_ISREG(status.st_mode);
  if (member.only_once) return member;
  std::array<std::uint8_t, 8> start = {};
  const ssize_t got = pread(member.opened.get(), start.data(), start.size(), 0);
  member.is_compressed = got > 0 && compression_of(std::span(start).first(static_cast<std::size_t>(got))).has_value();
  return member;
}

std::unique_ptr<CaptureFile> begin(Member& member) {
  UniqueFd file = member.opened ? std::move(member.opened) : open_to_read(member.path);
  return open_capture_file(std::move(file), name_for_people(member.path));
}

// What `read` returns; nothing where the file ends early, and `cut_off` says why. Damage inside of a compressed file is
// such an end: most likely it is the compressed data that is damaged, which some formats find out later, or never.
template <typename Read>
auto read_good_part(std::string& cut_off, Read&& read) -> decltype(read()) {
  try {
    return read();
  } catch (const TruncatedCapture& truncated) {
    cut_off = truncated.what();
  } catch (const DamagedCapture& damaged) {
    if (!damaged.was_compressed()) throw;
    cut_off = damaged.what();
  }
  return {};
}

void look_at_first_frame(Member& member) {
  try {
    member.begun = read_good_part(member.cut_off, [&] { return begin(member); });
  } catch (const EmptyCapture&) {  // the next one of a ring, say
  }
  Frame frame;
  if (!member.begun || !read_good_part(member.cut_off, [&] { return member.begun->next(frame); })) return;
  member.first_ns = frame.time_ns;
  member.first = frame;
}

void read_again_from_its_start(Member& member) {
  member.first.reset();
  member.begun.reset();
  member.cut_off.clear();
}

// Opens all of them, and puts them into the order of their first frames.
std::vector<Member> members_in_order(const std::vector<fs::path>& files) {
  std::vector<Member> members;
  for (const fs::path& file : files) {
    Member& member = members.emplace_back(open_member(file));
    if (files.size() == 1)
      member.begun = begin(member);
    else
      look_at_first_frame(member);
    if (!member.only_once) read_again_from_its_start(member);
  }
  const auto before = [](const Member& one, const Member& other) { return one.first_ns < other.first_ns; };
  std::stable_sort(members.begin(), members.end(), before);
  if (files.size() > 1 && members.front().first_ns == Member().first_ns)
    throw Error(fmt::format("none of the {} captures has a frame", files.size()));
  return members;
}

// What reading one of them has shown.
struct Part {
  std::uint64_t frames_before = 0;  // in all files before it
  std::vector<CaptureInterface> interfaces;
  std::string cut_off;
};

}  // namespace

void require_different_files(const std::vector<fs::path>& files) {
  std::set<std::pair<dev_t, ino_t>> seen;
  for (const fs::path& file : files) {
    struct stat status {};
    const int failed = is_standard_input(file) ? fstat(STDIN_FILENO, &status) : stat(file.c_str(), &status);
    if (failed == 0 && !seen.emplace(status.st_dev, status.st_ino).second)
      throw Error(fmt::format("{} is given twice", name_for_people(file).string()), "give each capture once");
  }
}

struct CaptureSet::State {
  std::vector<Member> members;
  std::vector<fs::path> files;  // theirs
  std::vector<Part> parts;      // of those members that were reached so far
  // What all SpooledFrames share.
  std::optional<FrameSpool> spool;
  std::unique_ptr<FrameSource> unread;  // what is not in the spool yet
  std::exception_ptr failure;           // behind the spool's last frame
};

// Reads one file after the other, and keeps the account of it.
class CaptureSet::FilesInOrder : public FrameSource {
 public:
  explicit FilesInOrder(State& state) : state_(&state) {}

  bool next(Frame& frame) override {
    while (current_ || at_ < state_->members.size()) {
      if (!current_) begin_file();
      if (current_ && read(frame)) return true;
      end_file();
    }
    return false;
  }

 private:
  void begin_file() {
    Member& member = state_->members[at_];
    if (state_->parts.size() == at_) state_->parts.emplace_back();
    state_->parts[at_].frames_before = frames_;
    first_ = std::exchange(member.first, std::nullopt);
    current_ = std::move(member.begun);
    cut_off_ = member.cut_off;
    if (current_ || member.only_once) return;
    try {
      current_ = read_good_part(cut_off_, [&] { return begin(member); });
    } catch (const EmptyCapture&) {
      if (state_->members.size() == 1) throw;
    }
  }

  bool read(Frame& frame) {
    if (first_)
      frame = *std::exchange(first_, std::nullopt);
    else if (!read_good_part(cut_off_, [&] { return current_->next(frame); }))
      return false;
    const std::size_t interface = interfaces_before_ + frame.interface;
    if (interface > std::numeric_limits<std::uint16_t>::max())
      throw Error(fmt::format("more than 65536 interfaces up to {}", state_->members[at_].path.string()));
    frame.interface = static_cast<std::uint16_t>(interface);
    ++frames_;
    return true;
  }

  void end_file() {
    Part& part = state_->parts[at_++];
    part.cut_off = cut_off_;
    if (!current_) return;
    part.interfaces = current_->interfaces();
    interfaces_before_ += part.interfaces.size();
    current_.reset();
  }

  State* state_;
  std::size_t at_ = 0;  // member
  std::unique_ptr<CaptureFile> current_;
  std::optional<Frame> first_;  // of the current one, read already
  std::string cut_off_;
  std::size_t interfaces_before_ = 0;
  std::uint64_t frames_ = 0;
};

// Reads what any of them has put into the spool, then goes on with the files.
class CaptureSet::SpooledFrames : public FrameSource {
 public:
  explicit SpooledFrames(State& state) : state_(&state), known_(*state.spool) {}

  bool next(Frame& frame) override {
    if (known_.next(frame)) return true;
    if (state_->failure) std::rethrow_exception(state_->failure);
    try {
      return state_->unread && read_unread(frame);
    } catch (...) {
      state_->failure = std::current_exception();
      throw;
    }
  }

 private:
  bool read_unread(Frame& frame) {
    if (!state_->unread->next(frame)) {
      state_->unread.reset();
      return false;
    }
    frame.bytes = frame.bytes.first(std::min(frame.bytes.size(), FrameSpool::kept_bytes));
    state_->spool->append(frame);
    known_.pass_over_last();
    return true;
  }

  State* state_;
  FrameSpool::Reader known_;
};

CaptureSet::CaptureSet(const std::vector<fs::path>& files) : state_(std::make_shared<State>()) {
  if (files.empty()) throw Error("no capture is given");
  require_different_files(files);
  state_->members = members_in_order(files);
  for (const Member& member : state_->members) state_->files.push_back(member.path);
}

std::unique_ptr<FrameSource> CaptureSet::open() const {
  const std::vector<Member>& members = state_->members;
  if (std::none_of(members.begin(), members.end(),
                   [](const Member& member) { return member.only_once || member.is_compressed; }))
    return std::make_unique<FilesInOrder>(*state_);
  if (!state_->spool) {
    state_->spool.emplace();
    state_->unread = std::make_unique<FilesInOrder>(*state_);
  }
  return std::make_unique<SpooledFrames>(*state_);
}

std::string CaptureSet::name() const {
  const Member& first = state_->members.at(0);
  const fs::path path = name_for_people(first.path);
  const std::string name = first.only_once ? path.string() : path.filename().string();
  const std::size_t others = state_->members.size() - 1;
  return others == 0 ? name : fmt::format("{} and {} more", name, others);
}

const std::vector<fs::path>& CaptureSet::files() const {
  return state_->files;
}

std::string CaptureSet::cut_off() const {
  for (const Part& part : state_->parts)
    if (!part.cut_off.empty()) return part.cut_off;
  return {};
}

std::vector<CaptureInterface> CaptureSet::interfaces() const {
  std::vector<CaptureInterface> all;
  for (const Part& part : state_->parts) all.insert(all.end(), part.interfaces.begin(), part.interfaces.end());
  return all;
}

FramePlace CaptureSet::place_of(std::uint64_t number) const {
  std::size_t at = state_->parts.size();
  while (at > 1 && state_->parts[at - 1].frames_before >= number) --at;
  if (at == 0) return {state_->files.at(0), number};
  return {state_->files[at - 1], number - state_->parts[at - 1].frames_before};
}

std::string CaptureSet::frame_name(std::uint64_t number) const {
  if (state_->files.size() == 1) return fmt::format("frame {}", number);
  const FramePlace place = place_of(number);
  return fmt::format("{} #{}", name_for_people(place.file).filename().string(), place.number);
}

}  // namespace offlab
