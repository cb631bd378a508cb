#include "proxy/site/page_address.h"

#include <algorithm>
#include <string_view>

#include "proxy/base/url.h"

namespace portero {
namespace {

bool is_path(const std::string& listening) { return listening.starts_with("unix:"); }

std::string_view port_of(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  return colon == std::string_view::npos ? "80" : authority.substr(colon + 1);
}

/// Whether a browser on this machine that opens the origin reaches who listens there.
bool is_reached_at(const Site& site, const std::string& listening) {
  const std::string_view authority = authority_of(site.origin);
  if (!site.origin.starts_with("http://") || port_of(authority) != port_of(listening)) return false;
  const bool is_everywhere = listening.starts_with("0.0.0.0:") || listening.starts_with("[::]:");
  const bool is_loopback = is_loopback_url("http://" + listening);
  const bool by_name = listening.starts_with("localhost:") || host_of(site.origin) == "localhost";
  return authority == listening || is_everywhere || (is_loopback && by_name);
}

/// The page's address where something in front serves it; empty: nothing does.
std::string find_public_page(const Settings& settings) {
  const auto is_own = [&settings](const Site& site) {
    return site.origin == origin_of(settings.public_url);
  };
  const auto is_public = [](const Site& site) { return site.origin.starts_with("https://"); };
  const auto own = std::find_if(settings.sites.begin(), settings.sites.end(), is_own);
  if (own != settings.sites.end()) return own->redirect_uri;
  if (!settings.public_url.empty()) return settings.public_url + "/";
  const auto other = std::find_if(settings.sites.begin(), settings.sites.end(), is_public);
  return other == settings.sites.end() ? "" : other->redirect_uri;
}

/// The site whose page is opened where the proxy listens; nullptr: there is none.
const Site* find_page_at(const Settings& settings, const std::string& listening) {
  if (is_path(listening)) return nullptr;
  const auto site = std::find_if(settings.sites.begin(), settings.sites.end(),
                                 [&](const Site& one) { return is_reached_at(one, listening); });
  return site == settings.sites.end() ? nullptr : &*site;
}

}  // namespace

std::string describe_page(const Settings& settings, const std::string& listening) {
  const Site* here = find_page_at(settings, listening);
  if (here != nullptr) return here->redirect_uri;
  std::string page = find_public_page(settings);
  if (page.empty() && !is_path(listening)) return "http://" + listening + "/";
  if (page.empty()) page = settings.sites.front().redirect_uri;
  return page + " (listening on " + listening + ")";
}

bool is_page_refused(const Settings& settings, const std::string& listening) {
  return !settings.static_dir.empty() && !is_path(listening) &&
         find_public_page(settings).empty() && find_page_at(settings, listening) == nullptr;
}

}  // namespace portero
