#include "base/read_file.h"

#include <fstream>
#include <sstream>

#include "base/error.h"

namespace offlab {

std::string read_whole_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error("reading " + file.string() + " failed");
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace offlab
