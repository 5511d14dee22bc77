// What `esxcli system settings advanced` takes and prints. Pure. Form: an indented "Name: value" on each line of a
// setting; later releases print more of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/esxi_setting.h"

namespace offlab {

// "Net.Vmxnet3HwLRO" -> "/Net/Vmxnet3HwLRO". Throws Error for what is no setting's name.
std::string esxcli_path(std::string_view key);

// All settings in the output of `list`. Values of settings that are strings are left out. Throws Error for an integer
// that is none.
std::vector<EsxiSetting> parse_esxcli_list(std::string_view output);

}  // namespace offlab
