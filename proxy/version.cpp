#include "proxy/version.h"

namespace portero {

std::string_view version() { return PORTERO_VERSION; }

}  // namespace portero
