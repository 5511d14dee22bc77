// The program: finds the command, runs it, turns what it throws into a message and an exit status.
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "base/clean_text.h"
#include "base/error.h"
#include "base/usage_error.h"
#include "cli/command_line.h"
#include "session/preflight.h"
#include "session/run_session.h"

namespace {

constexpr int usage_status = 2;
constexpr int error_status = 3;

int run(const std::function<int()>& body) {
  try {
    return body();
  } catch (const offlab::UsageError& error) {
    std::fputs(error.what(), stderr);
    return usage_status;
  } catch (const offlab::Interrupted&) {
    std::fputs("interrupted\n", stderr);
    return offlab::interrupted_status;
  } catch (const offlab::Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    if (!error.remedy().empty()) std::fprintf(stderr, "  remedy: %s\n", error.remedy().c_str());
  } catch (const std::filesystem::filesystem_error& error) {
    std::fprintf(stderr, "error: %s: %s\n", offlab::clean_line(error.path1().string()).c_str(),
                 error.code().message().c_str());
    std::fputs("  remedy: look whether this path can be used, and whether the working folder still exists\n", stderr);
  } catch (const std::exception& error) {  // nobody foresaw it
    std::fprintf(stderr, "error: offlab has a defect: %s\n", offlab::clean_line(error.what()).c_str());
    std::fputs("  remedy: report it, with the command line\n", stderr);
  }
  return error_status;
}

// A descriptor that is closed would become that of the next file, which then gets what is meant for the terminal.
void open_standard_descriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor)
    if (fcntl(descriptor, F_GETFD) < 0) open("/dev/null", O_RDWR);
}

// What nobody could read must not end as a success.
int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  std::fputs("error: writing to standard output failed\n", stderr);
  return status == 0 ? error_status : status;
}

}  // namespace

int main(int argc, char** argv) {
  open_standard_descriptors();
  return flushed(run([&] {
    offlab::complete_path();
    const auto parsed = offlab::parse_command_line(argc, argv);
    const auto* body = std::get_if<std::function<int()>>(&parsed);
    return body == nullptr ? std::get<int>(parsed) : (*body)();
  }));
}
