#include "folders.h"

namespace offlab {

std::string source_folder() {
  return OFFLAB_SOURCE_DIR;
}
std::string tests_folder() {
  return OFFLAB_SOURCE_DIR "/tests";
}
std::string offlab_program() {
  return OFFLAB_PROGRAM;
}

}  // namespace offlab
