// Which page may read an answer. Only a configured origin, compared byte for byte, is ever named;
// nothing is reflected. Requirements: docs/security.md R55, R57.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/http.h"

namespace portero {

/// The index of `origin` in `origins`, byte for byte; nullopt: absent, or not among them.
/// REQUIRES: `origins` ascend.
[[nodiscard]] std::optional<std::size_t> find_origin(const std::vector<std::string>& origins,
                                                     const std::optional<std::string>& origin);

/// Headers as views: constants, and the origin of the settings, which outlive them.
class CorsHeaders {
 public:
  struct Line {
    std::string_view name;
    std::string_view value;
  };
  static constexpr std::size_t kMost = 4;

  void add(std::string_view name, std::string_view value) { lines_.at(count_++) = {name, value}; }
  /// Whether one of them has this name, without regard to ASCII case.
  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] std::span<const Line> lines() const { return std::span(lines_).first(count_); }

 private:
  std::array<Line, kMost> lines_{};
  std::size_t count_ = 0;
};

/// The CORS headers of every answer under /v1/, whatever its status: `Vary: Origin` always; for a
/// configured origin also those that let the page read it. Empty for other paths.
/// REQUIRES: `origins` outlives them.
[[nodiscard]] CorsHeaders make_cors_headers(const std::vector<std::string>& origins,
                                            std::string_view target,
                                            std::optional<std::size_t> origin_index);

/// The answer to a preflight: 204 for a configured origin, 403 origin_refused for any other.
[[nodiscard]] Response answer_preflight(const std::vector<std::string>& origins,
                                        const Request& request);

}  // namespace portero
