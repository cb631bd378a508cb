// What a page's policies let it do: call the proxy, load portero's files, compile, show an avatar.
#pragma once

#include <string>
#include <vector>

#include "proxy/base/http.h"
#include "proxy/check/checked_page.h"
#include "proxy/check/report.h"

namespace portero {

/// All that apply to a page, each enforced: of its header lines, each a list, and of each <meta>.
[[nodiscard]] std::vector<PagePolicy> find_policies(const std::vector<Header>& headers,
                                                    const Document& document);

/// Reports what a policy blocks, and what to add to it.
void check_policies(const CheckedPage& page, const PageFiles& files, const Settings& settings,
                    Report& report);

}  // namespace portero
