// What the gate works from: its part of the settings, the page's files, and the function that
// answers everything else. Never changed once published; a request keeps the one it began with, so
// a reload never mixes old and new.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proxy/base/addresses.h"
#include "proxy/base/http.h"
#include "proxy/settings/settings.h"
#include "proxy/site/files.h"

namespace portero {

/// Hands an answer to the gate; only the first counts.
using Deliver = std::function<void(Response)>;

/// Answers a request that has a route. On the loop, for Lane::kLoop: calls `deliver` before it
/// returns. Where GateHooks::post runs it, for Lane::kLogin: begins, and may keep `deliver`. The
/// request lives, and the login counts as under way, until its last copy is gone; if that was not
/// called then, the answer is `internal`.
using Serve = std::function<void(const Request& request, const Deliver& deliver)>;

struct GateConfig {
  Limits limits = {};
  AddressList trusted_proxies = {};
  std::vector<std::string> origins = {};  // ascending; Request::origin_index counts these
  std::shared_ptr<const FileMap> files = std::make_shared<const FileMap>();
  Serve serve = {};  // keeps alive what it answers from
};

using GateConfigPointer = std::shared_ptr<const GateConfig>;

}  // namespace portero
