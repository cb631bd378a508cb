// Which portero this is: the version CMakeLists.txt names, for the log and the metrics.
#pragma once

#include <string_view>

namespace portero {

[[nodiscard]] std::string_view version();  // "0.1.0"

}  // namespace portero
