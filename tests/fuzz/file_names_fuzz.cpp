// A file's address is what browsers send for its name; it finds that file, leads to that folder and
// decodes once to that name. Only names that programs read differently have none.
#include "proxy/gate/request_reader.h"
#include "proxy/site/address.h"
#include "proxy/site/files.h"
#include "proxy/site/import_maps.h"
#include "tests/fuzz/file_names.h"

namespace portero::file_names_fuzz {

const Limits kLimits{.target = 1 << 20U, .headers = 1 << 21U};

/// The request path as it reaches the map of files.
std::string travel(const std::string& target) {
  RequestReader reader(kLimits);
  reader.feed("GET " + target + " HTTP/1.1\r\nHost: p\r\n\r\n");
  check(reader.state() == RequestReader::State::kComplete, "the gate reads it");
  return reader.take().request.target;
}

void judge(const std::string& name, const std::string& segment) {
  check(segment == as_browsers_write(name) && decode_once(segment) == name, "browsers send it");
  const auto files = std::make_shared<const FileMap>(
      FileMap{{"/" + segment, File{.body = name}}, {"/d/" + segment + "/", File{}}});
  const auto file = respond_with_file(files, travel("/" + segment + "?q"), "", "");
  check(file && file->status == 200 && *file->shared_body == name, "it finds the file");
  const auto moved = respond_with_file(files, travel("/d/" + segment + "?/" + segment), "", "");
  check(moved && *find_header(moved->headers, "Location") == "/d/" + segment + "/?/" + segment,
        "leads to it");
}

FUZZ_TARGET(file_names)(const std::uint8_t* data, std::size_t size) {
  std::string_view html = text_of(data, size);
  const std::string name(take(html));
  const std::optional<std::string> segment = make_segment(name);
  check(segment.has_value() == is_plain_name(name), "an address where there can be one");
  if (segment) judge(name, *segment);
  judge_import_maps(html, find_import_maps(html));
  return 0;
}

}  // namespace portero::file_names_fuzz
