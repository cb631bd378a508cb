// An answer of GitHub's out of an input: a line with the status, header lines, an empty line, the
// body.
#pragma once

#include <nlohmann/json.hpp>

#include "proxy/github/replies.h"
#include "tests/fuzz/fuzz.h"

namespace portero {

inline UpstreamReply make_reply(std::string_view text) {
  UpstreamReply reply;
  reply.status = std::atoi(std::string(take(text)).c_str()) % 1000;
  for (std::string_view line = take(text); !line.empty(); line = take(text)) {
    const std::string_view name = take(line, ':');
    reply.headers.push_back({std::string(name), std::string(line)});
  }
  reply.body = text;
  return reply;
}

/// The body by the library's plain parser: an empty object when it is none.
inline nlohmann::json body_of(const UpstreamReply& reply) {
  const nlohmann::json body = nlohmann::json::parse(reply.body, nullptr, false);
  return body.is_object() ? body : nlohmann::json::object();
}

}  // namespace portero
