#include "libvirt/saved_state.h"

#include <array>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/error.h"
#include "base/handle.h"
#include "base/read_file.h"

namespace offlab {
namespace {

namespace fs = std::filesystem;

// In the byte order of the host that saved it.
struct Header {
  std::array<char, 16> magic;
  std::uint32_t version;
  std::uint32_t data_size;  // of what follows the header, before the guest's memory
  std::uint32_t was_running;
  std::uint32_t compressed;
  std::uint32_t cookie_offset;  // in the data; 0: none
  std::array<std::uint32_t, 14> unused;
};
static_assert(sizeof(Header) == 92);

constexpr std::string_view magic = "LibvirtQemudSave";
constexpr std::uint32_t known_version = 2;
constexpr std::uint32_t largest_data = 16U << 20U;

// Header and data: text that ends with a null, behind it the cookie, which does, too.
class Descriptions {
 public:
  Descriptions(const fs::path& file, int flags)
      : name_(file.string()), fd_(open(file.c_str(), flags | O_NONBLOCK | O_CLOEXEC)) {
    if (!fd_) throw system_error(fmt::format("opening {}", name_));
    require_regular_file(fd_.get(), name_);
    if (pread(fd_.get(), &header_, sizeof header_, 0) != ssize_t{sizeof header_} ||
        std::string_view(header_.magic.data(), header_.magic.size()) != magic || header_.version != known_version ||
        header_.data_size > largest_data || header_.compressed != 0 || header_.cookie_offset >= header_.data_size)
      throw Error(fmt::format("{} is no guest that libvirt saved in a form that is known here", name_));
    data_.resize(header_.data_size);
    if (pread(fd_.get(), data_.data(), data_.size(), sizeof header_) != static_cast<ssize_t>(data_.size()))
      throw Error(fmt::format("{} ends inside of its description", name_));
  }

  std::string description() const { return text_at(0); }
  std::string cookie() const { return header_.cookie_offset == 0 ? "" : text_at(header_.cookie_offset); }

  void replace(const std::string& xml) {
    const std::string cookie = this->cookie();
    if (xml.size() + cookie.size() + 2 > data_.size())
      throw Error(fmt::format("{} has no room for a description of {} bytes", name_, xml.size()));
    header_.cookie_offset = cookie.empty() ? 0 : static_cast<std::uint32_t>(xml.size() + 1);
    data_.assign(data_.size(), '\0');
    data_.replace(0, xml.size(), xml);
    data_.replace(xml.size() + 1, cookie.size(), cookie);
    if (pwrite(fd_.get(), &header_, sizeof header_, 0) != ssize_t{sizeof header_} ||
        pwrite(fd_.get(), data_.data(), data_.size(), sizeof header_) != static_cast<ssize_t>(data_.size()))
      throw system_error(fmt::format("writing {}", name_));
  }

 private:
  std::string text_at(std::size_t begin) const {
    const std::size_t end = data_.find('\0', begin);
    if (end == std::string::npos) throw Error(fmt::format("the description in {} has no end", name_));
    return data_.substr(begin, end - begin);
  }

  std::string name_;
  UniqueFd fd_;
  Header header_{};
  std::string data_;
};

}  // namespace

std::string saved_description(const fs::path& file) {
  return Descriptions(file, O_RDONLY).description();
}

void replace_saved_description(const fs::path& file, const std::string& xml) {
  Descriptions(file, O_RDWR).replace(xml);
}

}  // namespace offlab
