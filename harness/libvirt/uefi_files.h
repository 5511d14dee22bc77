// UEFI for guests, as Debian's package ovmf has it.
#pragma once

namespace offlab {

inline constexpr const char* uefi_code_file = "/usr/share/OVMF/OVMF_CODE_4M.fd";
// The variables of a machine that never ran.
inline constexpr const char* uefi_variables_file = "/usr/share/OVMF/OVMF_VARS_4M.fd";

}  // namespace offlab
