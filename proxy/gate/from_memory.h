// What the gate answers itself, before any queue: preflights, files and what no route and no file
// could ever answer. Pure. cpp-httplib never sees these requests, so it never compresses anything.
#pragma once

#include <optional>
#include <string>

#include "proxy/gate/files.h"
#include "proxy/gate/request_reader.h"
#include "proxy/http.h"
#include "proxy/settings/settings.h"

namespace portero {

class FromMemory {
 public:
  /// REQUIRES: `settings` and `files` outlive it.
  FromMemory(const Settings& settings, const FileMap& files, std::string page_policy);

  /// The answer to a preflight, another OPTIONS (405) or a request for a file (any method but GET
  /// and HEAD: 405); nullopt: a lane's work.
  [[nodiscard]] std::optional<Response> respond(const ReadRequest& read) const;

 private:
  const Settings& settings_;
  const FileMap& files_;
  const std::string page_policy_;
};

}  // namespace portero
