// What is in a comment or in text is no tag, what came before it stays one; and an address that a
// page names is one that can be asked, and names itself.
#include "proxy/base/url.h"
#include "proxy/check/address.h"
#include "proxy/check/document.h"
#include "proxy/site/html.h"
#include "tests/fuzz/fuzz.h"

namespace portero::html_fuzz {

bool is_same(const Tag& a, const Tag& b) {
  return a.name == b.name && a.is_in_head == b.is_in_head &&
         a.attributes.size() == b.attributes.size();
}

void check_address(std::string_view base, std::string_view reference) {
  const auto address = resolve_address(base, reference);
  if (!address) return;
  check(is_serialised_origin(origin_of(*address)), "of a host");
  check(target_of(*address).starts_with('/') && is_printable(*address), "can be asked for");
  check(address->find_first_of(" #\"<>") == address->npos, "stands alone");
  check(without_query(*address).find("/../") == std::string_view::npos, "without dots");
  check(resolve_address(base, *address) == address, "names itself");
  check(resolve_address(*address, "") == address, "is its own page");
}

FUZZ_TARGET(html)(const std::uint8_t* data, std::size_t size) {
  const std::string html(text_of(data, size));
  const std::vector<Tag> tags = read_tags(html);
  const std::vector<Tag> more = read_tags(html + "<meta");
  check(more.size() == tags.size(), "a tag that the text ends in is none");
  for (std::size_t i = 0; i < tags.size(); ++i) check(is_same(tags[i], more[i]), "what came, came");
  check(read_tags("<plaintext>" + html).size() == 1, "text holds no tag");
  const bool may_end =
      html.starts_with('>') || html.starts_with("->") || html.find("--") != html.npos;
  check(may_end || read_tags("<!--" + html).empty(), "a comment holds no tag");
  const Document document = read_document(html);
  check(read_document("<p>" + html).policies.empty(), "a policy is in the head");
  check(document.policies.size() + document.scripts.size() <= tags.size(), "each is a tag");
  for (const ScriptTag& tag : document.scripts) check_address("https://a.example/b/c?d", tag.src);
  check_address("https://a.example/b/c?d", html);
  return 0;
}

}  // namespace portero::html_fuzz
