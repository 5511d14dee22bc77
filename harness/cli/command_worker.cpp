#include "cli/commands.h"
#include "worker/existing_worker.h"
#include "worker/hosted_worker.h"
#include "worker/image_worker.h"
#include "worker/worker.h"

namespace offlab {

int worker_command(const WorkerOptions& options) {
  if (options.image) return run_image_worker(options.what, options.cache);
  if (options.hosted) return run_hosted_worker(options.what, options.cache);
  if (options.existing) return run_existing_worker(options.what, options.cache);
  const WorkerTask task = options.probe ? WorkerTask::probe : (options.stay ? WorkerTask::stay : WorkerTask::record);
  return run_worker(options.what, options.cache, task);
}

}  // namespace offlab
