// The lines of `portero check`, and its parts in their order.
#pragma once

#include <ostream>
#include <string>
#include <string_view>

#include "proxy/check/check.h"

namespace portero {

struct Report {
  std::ostream& out;
  bool failed = false;

  void ok(const std::string& what) const { out << "ok   " << what << '\n'; }
  void warn(const std::string& what) const { out << "warn " << what << '\n'; }
  void fail(const std::string& what) {
    out << "FAIL " << what << '\n';
    failed = true;
  }
};

/// "cannot be reached; …": why there was no answer, and what to look at.
[[nodiscard]] std::string describe_silence(Error error);

/// The name in the address resolves; its failure is reported when not.
[[nodiscard]] bool check_name(std::string_view url, Report& report);

/// The key file, and the files of static_dir.
void check_files(const CheckInput& input, Report& report);

/// GitHub's two addresses, its clock against ours, and each app's id and secret.
void check_github(const CheckInput& input, Report& report);

/// The session call through public_url, as the site's page makes it.
void check_front(const CheckInput& input, const Site& site, Report& report);

/// What nobody may see through public_url.
void check_hidden(const CheckInput& input, Report& report);

/// The site's page: whether it is there, and whether its policy lets it sign anybody in.
void check_page(const CheckInput& input, const Site& site, Report& report);

}  // namespace portero
