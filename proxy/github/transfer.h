// One call with libcurl: the request written into a handle, the reply read, and the log told what
// went wrong. connection_pool.h performs it; client.h has the time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
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
  /// Makes a handle and writes all of the request into it but times and what handles share.
  /// REQUIRES: settings outlive the transfer.
  Transfer(const GithubSettings& settings, UpstreamRequest request);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  /// False for want of memory: there is nothing to perform.
  [[nodiscard]] bool is_whole() const { return easy_ != nullptr && headers_ != nullptr; }
  [[nodiscard]] CURL* easy() const { return easy_.get(); }
  [[nodiscard]] bool is_post() const { return request_.method == "POST"; }
  /// Whether any of an answer has come.
  [[nodiscard]] bool has_heard() const { return reading_.header_bytes > 0; }

  /// Called before the request goes out, at each attempt of libcurl's: false if it must not, as any
  /// of a POST's body was handed out before. So a code is never sent again.
  [[nodiscard]] bool may_be_sent() const;

  /// Whether it is to be performed once more: a page named codings that are none, "utf-8" or
  /// "aws-chunked", as upload tools leave it. Browsers take the body as it came, and so do we then.
  [[nodiscard]] bool reads_plainly(CURLcode code);

  /// The reply, taken out, after libcurl ended with `code`; what went wrong is logged. Errors:
  /// those of Fetch.
  [[nodiscard]] Result<UpstreamReply> finish(CURLcode code);

  template <typename Value>
  void set(CURLoption option, Value value) const {
    libcurl().easy_setopt(easy_.get(), option, value);
  }

 private:
  using List = std::unique_ptr<curl_slist, decltype(Libcurl::slist_free_all)>;
  struct Reading {
    UpstreamReply reply = {};
    std::size_t header_bytes = 0;
    bool is_page = false;
    bool has_head = false;  // a header block came whole
  };

  static List make_list(const std::vector<Header>& headers);
  static std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* user);
  static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* user);
  void set_tls();
  void set_request();
  void set_proxy();
  [[nodiscard]] Error error_of(CURLcode code) const;
  [[nodiscard]] Error report(CURLcode code) const;
  [[nodiscard]] bool report_proxy(CURLcode code) const;

  const std::unique_ptr<CURL, decltype(Libcurl::easy_cleanup)> easy_;
  const GithubSettings& settings_;
  const UpstreamRequest request_;
  const bool is_proxied_;
  List headers_;
  std::string_view sending_;  // what is left of a POST's body
  TlsHosts tls_;
  Reading reading_;
};

}  // namespace portero
