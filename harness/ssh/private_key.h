// Private SSH keys in files.
#pragma once

#include <filesystem>

#include <libssh/libssh.h>

#include "base/handle.h"

namespace offlab {

using SshKey = Handle<ssh_key_struct, ssh_key_free>;

// OpenSSH format. Null when the file is no private key, or needs a passphrase.
SshKey read_private_key(const std::filesystem::path& file);
// The same. Throws Error, with a remedy, in place of null.
SshKey require_private_key(const std::filesystem::path& file);

}  // namespace offlab
