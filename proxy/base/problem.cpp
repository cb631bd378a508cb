#include "proxy/base/problem.h"

namespace portero {

std::string Problem::text() const {
  std::string line = key + ": " + wrong;
  if (!fix.empty()) line.append("; ").append(fix);
  return line;
}

void Findings::mistake(std::string_view key, std::string_view wrong, std::string_view fix) {
  mistakes.push_back({std::string(key), std::string(wrong), std::string(fix)});
}

void Findings::warning(std::string_view key, std::string_view wrong, std::string_view fix) {
  warnings.push_back({std::string(key), std::string(wrong), std::string(fix)});
}

}  // namespace portero
