#include "proxy/base/fetch.h"

#include <memory>
#include <utility>

namespace portero {
namespace {

struct Gathering {
  std::vector<Result<UpstreamReply>> replies;
  std::size_t missing = 0;
  ThenAll then;
};

}  // namespace

void fetch_twice(const Fetch& fetch, const UpstreamRequest& request, Then then) {
  fetch(request,
        [fetch, request = request, then = std::move(then)](Result<UpstreamReply> reply) mutable {
          const bool is_lost = !reply && (reply.error() == Error::kUpstreamUnreachable ||
                                          reply.error() == Error::kUpstreamTimeout);
          if (!is_lost) return then(std::move(reply));
          fetch(std::move(request), std::move(then));
        });
}

void fetch_all(const Fetch& fetch, const std::vector<UpstreamRequest>& requests, ThenAll then) {
  const std::size_t count = requests.size();
  const auto gathering = std::make_shared<Gathering>(
      Gathering{.replies = std::vector<Result<UpstreamReply>>(count, Error::kInternal),
                .missing = count,
                .then = std::move(then)});
  for (std::size_t i = 0; i < count; ++i) {
    fetch_twice(fetch, requests.at(i), [gathering, i](Result<UpstreamReply> reply) {
      gathering->replies.at(i) = std::move(reply);
      if (--gathering->missing == 0) gathering->then(std::move(gathering->replies));
    });
  }
}

}  // namespace portero
