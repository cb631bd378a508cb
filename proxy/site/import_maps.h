// The import maps of a page. They are inline scripts, so a policy that does not name their hashes
// blocks them, and the integrity that they ask for is not checked (docs/integrity.md). Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// The text of each `<script type="importmap">` of the page, as a browser hashes it: between the
/// tags, line ends as \n. Comments, other scripts and what does not end are skipped.
[[nodiscard]] std::vector<std::string> find_import_maps(std::string_view html);

}  // namespace portero
