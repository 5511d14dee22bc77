// The files that are the same in each bundle: made at build time from parts/ and, for the sources, from guest/.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace offlab::parts {

extern const std::string_view reproduce;  // reproduce.sh
extern const std::string_view tool;       // lab/lab_tool.py
extern const std::string_view build;      // image/NAME/build.sh

// image/NAME/source/*: of offlab-background, which sends the load of a BSD-derived stack.
extern const std::string_view background_h;
extern const std::string_view background_cpp;
extern const std::string_view bsd_sender_cpp;
extern const std::string_view bsd_stream_h;
extern const std::string_view bsd_stream_cpp;
extern const std::string_view sink_cpp;
extern const std::string_view wire_h;
extern const std::string_view wire_cpp;

// File name -> text.
inline std::array<std::pair<const char*, std::string_view>, 8> background_source() {
  return {{{"background.h", background_h},
           {"background.cpp", background_cpp},
           {"bsd_sender.cpp", bsd_sender_cpp},
           {"bsd_stream.h", bsd_stream_h},
           {"bsd_stream.cpp", bsd_stream_cpp},
           {"sink.cpp", sink_cpp},
           {"wire.h", wire_h},
           {"wire.cpp", wire_cpp}}};
}

}  // namespace offlab::parts
