// The page's files, in memory (read_files.h puts them there). A request path is looked up byte for
// byte (address.h says how a file's is written); nothing is decoded, joined or opened while
// serving, so no path can reach a file outside the map.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/base/http.h"

namespace portero {

struct File {
  std::string content_type = {};
  std::string etag = {};     // quoted, SHA-256 of the content
  std::string policy = {};   // of a page: its Content-Security-Policy; empty: it is none
  bool is_isolated = false;  // of a page: whether Cross-Origin-Opener-Policy goes with it
  std::string body = {};
  std::optional<std::string> br = {};    // the `.br` sibling
  std::optional<std::string> gzip = {};  // the `.gz` sibling
};

using FileMap =
    std::map<std::string, File, std::less<>>;  // by request path: "/", "/web/portero.js"

/// The answer for GET or HEAD of `target`: 200 or 304 with ETag, Cache-Control: no-cache, Vary:
/// Accept-Encoding where there is a choice, and for a page its Content-Security-Policy, with
/// Referrer-Policy: no-referrer and, if `is_isolated`, Cross-Origin-Opener-Policy. 301 for a
/// folder's address without its slash: to the address in the map, with the target's query. nullopt:
/// no such file. The body is shared with `files` and keeps it alive.
[[nodiscard]] std::optional<Response> respond_with_file(const std::shared_ptr<const FileMap>& files,
                                                        std::string_view target,
                                                        std::string_view if_none_match,
                                                        std::string_view accept_encoding);

}  // namespace portero
