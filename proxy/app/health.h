// Health, readiness and metrics. No page calls them.
#pragma once

#include "proxy/app/page_call.h"

namespace portero {

/// 200, always.
[[nodiscard]] Answer answer_health(const PageCall& call);

/// 200; 503 `overloaded` while draining.
[[nodiscard]] Answer answer_ready(const PageCall& call);

/// 200: the metrics, in Prometheus' text format. Sets the gauges first.
[[nodiscard]] Answer answer_metrics(const PageCall& call);

}  // namespace portero
