#include "proxy/app/health.h"

#include <string>

#include "proxy/telemetry/log.h"

namespace portero {
namespace {

constexpr int kNotReadySeconds = 1;

Answer answer_text(std::string_view content_type, std::string text) {
  return {.response = {.status = 200,
                       .headers = {{"Content-Type", std::string(content_type)}},
                       .body = std::move(text)}};
}

}  // namespace

Answer answer_health(const PageCall& /*call*/) {
  return answer_text("text/plain; charset=utf-8", "");
}

Answer answer_ready(const PageCall& call) {
  return call.app.ready ? answer_health(call) : refuse(Error::kOverloaded, kNotReadySeconds);
}

Answer answer_metrics(const PageCall& call) {
  Metrics& metrics = call.app.metrics;
  const SealingKey* key = call.app.keys.sealing_key(call.now);
  metrics.set_keys(call.app.keys.keys.size(), key == nullptr ? 0 : key->seal_from);
  const LogCounts log = take_log_counts();
  metrics.lines_suppressed(log.suppressed);
  metrics.lines_lost(log.lost);
  return answer_text(kMetricsType, metrics.text());
}

}  // namespace portero
