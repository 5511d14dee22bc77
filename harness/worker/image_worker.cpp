#include "worker/image_worker.h"

#include <cstdlib>

#include <unistd.h>

#include "cache/image_store.h"
#include "plan/deadlines.h"
#include "process/isolation.h"
#include "process/stop_signals.h"
#include "session/image_recipes.h"
#include "worker/lifeline.h"
#include "worker/voice.h"

namespace offlab {

int run_image_worker(const std::string& key, const std::filesystem::path& cache) {
  Voice voice;
  return voice.guard([&] {
    enter_processes();
    StopSignals signals({SIGTERM});
    voice.say_hello();
    const Lifeline lifeline(STDIN_FILENO, limits::end);
    // mmdebstrap's scratch folder goes where the next build clears it away.
    std::filesystem::create_directories(cache / "images");
    setenv("TMPDIR", (cache / "images").c_str(), 1);
    ImageStore store(cache, [&](const std::string& line) { voice.on(event::Note{line}); });
    bool built = false;
    store.build(load_image_recipe(key), built, signals.token());
    voice.say(message::ImageReady{built});
  });
}

}  // namespace offlab
