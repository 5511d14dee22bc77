// The description of a guest inside a file that libvirt saved it to. libvirt runs the program that it names, even to
// find out what that program can do: a file is restored only with a description of our own.
// Source: libvirt 9.0, src/qemu/qemu_saveimage.h (virQEMUSaveHeader).
#pragma once

#include <filesystem>
#include <string>

namespace offlab {

// Throws Error when the file is no saved guest, or has no description that ends.
std::string saved_description(const std::filesystem::path& file);

// Replaces the description. Throws Error when it does not fit; libvirt leaves 64 KiB for a longer one.
void replace_saved_description(const std::filesystem::path& file, const std::string& xml);

}  // namespace offlab
