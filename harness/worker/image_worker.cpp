#include "worker/image_worker.h"

#include <cstdlib>

#include "cache/image_store.h"
#include "process/isolation.h"
#include "process/stop_signals.h"
#include "session/image_build.h"
#include "session/scenario_file.h"
#include "worker/line_observer.h"

namespace offlab {

int run_image_worker(const std::string& name, const std::filesystem::path& cache) {
  LineObserver observer;
  return observer.guard([&] {
    enter_processes();
    StopSignals signals({SIGTERM});
    // mmdebstrap's scratch folder goes where the next build clears it away.
    std::filesystem::create_directories(cache / "images");
    setenv("TMPDIR", (cache / "images").c_str(), 1);
    ImageStore store(cache, [&](const std::string& line) { observer.on(event::Note{line}); });
    bool built = false;
    store.build(load_image_recipe(name), built, signals.token());
    observer.on(event::LabStage{name, "image", built ? image_was_built : "up to date"});
  });
}

}  // namespace offlab
