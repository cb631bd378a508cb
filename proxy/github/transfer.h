// One call with libcurl: the request written into a handle, the reply read, and the log told what
// went wrong. client.h has the handles and the time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "proxy/base/fetch.h"
#include "proxy/github/libcurl.h"
#include "proxy/settings/settings.h"

namespace portero {

/// Whose certificates come, in this order: an https proxy's on a new connection, then GitHub's.
/// libcurl does not tell the two apart; it verifies each against its own host besides.
struct TlsHosts {
  std::vector<std::string> hosts;
  std::size_t begun = 0;
};

/// libcurl keeps pointers into it, so it neither moves nor is copied.
class Transfer {
 public:
  /// Writes all of it into the handle but times and what handles share. REQUIRES: the handle was
  /// reset; handle, settings and request outlive the transfer.
  Transfer(CURL* easy, const GithubSettings& settings, const UpstreamRequest& request);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// Blocks. Errors: those of Fetch, and kInternal for want of memory.
  [[nodiscard]] Result<UpstreamReply> perform();

 private:
  using List = std::unique_ptr<curl_slist, decltype(Libcurl::slist_free_all)>;
  struct Reading {
    UpstreamReply reply = {};
    std::size_t header_bytes = 0;
    bool is_page = false;
  };

  static List make_list(const std::vector<Header>& headers);
  static std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user);
  static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user);
  template <typename Value>
  void set(CURLoption option, Value value) {
    libcurl().easy_setopt(easy_, option, value);
  }
  void set_tls();
  void set_request();
  void set_proxy();
  [[nodiscard]] Error report(CURLcode code) const;
  [[nodiscard]] bool report_proxy(CURLcode code) const;

  CURL* const easy_;
  const GithubSettings& settings_;
  const UpstreamRequest& request_;
  const bool is_proxied_;
  List headers_;
  std::pair<std::string_view, bool> sending_;  // see on_send()
  TlsHosts tls_;
  Reading reading_;
};

}  // namespace portero
