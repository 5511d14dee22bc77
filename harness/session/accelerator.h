// accel = auto | kvm | tcg.
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "cache/image_store.h"
#include "port/hypervisor.h"
#include "port/observer.h"

namespace offlab {

// Throws UsageError for another word than auto, kvm and tcg.
void check_accelerator(const std::string& word);

// "auto" boots the image's kernel once under KVM, remembers the answer in the cache, and falls back to TCG with a note.
// "kvm" throws Error when KVM cannot boot it. Throws UsageError for another word.
Accelerator choose_accelerator(const std::string& word, const GuestImage& image, const std::filesystem::path& cache,
                               const std::filesystem::path& run_folder, Observer& observer,
                               const std::stop_token& stop);

}  // namespace offlab
