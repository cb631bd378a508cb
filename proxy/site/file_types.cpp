#include "proxy/site/file_types.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "proxy/base/text.h"

namespace portero {
namespace {

using Type = std::pair<std::string_view, std::string_view>;

constexpr auto kTypes = std::to_array<Type>({
    // pages, styles, scripts
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"xhtml", "application/xhtml+xml"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"cjs", "text/javascript; charset=utf-8"},
    {"wasm", "application/wasm"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"topojson", "application/json"},
    {"geojson", "application/geo+json"},
    {"jsonld", "application/ld+json"},
    {"webmanifest", "application/manifest+json"},
    // text
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"tsv", "text/tab-separated-values; charset=utf-8"},
    {"vtt", "text/vtt; charset=utf-8"},
    {"srt", "text/plain; charset=utf-8"},
    {"ics", "text/calendar; charset=utf-8"},
    {"vcf", "text/vcard; charset=utf-8"},
    {"asc", "text/plain; charset=utf-8"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"toml", "application/toml"},
    {"rtf", "application/rtf"},
    {"xml", "application/xml"},
    {"xsl", "application/xslt+xml"},
    {"rss", "application/rss+xml"},
    {"atom", "application/atom+xml"},
    {"kml", "application/vnd.google-earth.kml+xml"},
    {"gpx", "application/gpx+xml"},
    // pictures
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"apng", "image/apng"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"jfif", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"jxl", "image/jxl"},
    {"heic", "image/heic"},
    {"heif", "image/heif"},
    {"bmp", "image/bmp"},
    {"tif", "image/tiff"},
    {"tiff", "image/tiff"},
    {"ico", "image/x-icon"},
    {"cur", "image/x-icon"},
    {"ktx2", "image/ktx2"},
    // fonts
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"ttf", "font/ttf"},
    {"otf", "font/otf"},
    {"ttc", "font/collection"},
    {"eot", "application/vnd.ms-fontobject"},
    // sound and film
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"aac", "audio/aac"},
    {"flac", "audio/flac"},
    {"ogg", "audio/ogg"},
    {"oga", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"wav", "audio/wav"},
    {"weba", "audio/webm"},
    {"mid", "audio/midi"},
    {"midi", "audio/midi"},
    {"mp4", "video/mp4"},
    {"m4v", "video/mp4"},
    {"webm", "video/webm"},
    {"ogv", "video/ogg"},
    {"mov", "video/quicktime"},
    {"mkv", "video/matroska"},
    {"avi", "video/x-msvideo"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"ts", "video/mp2t"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"mpd", "application/dash+xml"},
    // models
    {"glb", "model/gltf-binary"},
    {"gltf", "model/gltf+json"},
    {"obj", "model/obj"},
    {"mtl", "model/mtl"},
    {"stl", "model/stl"},
    {"usdz", "model/vnd.usdz+zip"},
    // documents
    {"pdf", "application/pdf"},
    {"epub", "application/epub+zip"},
    {"doc", "application/msword"},
    {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {"xls", "application/vnd.ms-excel"},
    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    {"ppt", "application/vnd.ms-powerpoint"},
    {"pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"},
    {"odt", "application/vnd.oasis.opendocument.text"},
    {"ods", "application/vnd.oasis.opendocument.spreadsheet"},
    {"odp", "application/vnd.oasis.opendocument.presentation"},
    // archives
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
    {"tgz", "application/gzip"},
    {"bz2", "application/x-bzip2"},
    {"xz", "application/x-xz"},
    {"zst", "application/zstd"},
    {"tar", "application/x-tar"},
    {"7z", "application/x-7z-compressed"},
    {"jar", "application/java-archive"},
    {"apk", "application/vnd.android.package-archive"},
});

constexpr auto kPrivate = std::to_array<std::string_view>({
    // keys
    "key",
    "pem",
    "p8",
    "p12",
    "pfx",
    "crt",
    "ppk",
    "jks",
    "keystore",
    "kdbx",
    "ovpn",
    // databases
    "sql",
    "sqlite",
    "sqlite3",
    "db",
    "db3",
    "dump",
    // settings
    "env",
    "conf",
    "cnf",
    "cfg",
    "ini",
    "htpasswd",
    "htaccess",
    "tfstate",
    // programs of another server
    "php",
    "phtml",
    "asp",
    "aspx",
    "jsp",
    "cgi",
    // logs, copies, leftovers
    "log",
    "bak",
    "backup",
    "old",
    "orig",
    "save",
    "swp",
    "swo",
    "tmp",
});

constexpr auto kArchives = std::to_array<std::string_view>(
    {"br", "gz", "tgz", "bz2", "xz", "zst", "tar", "zip", "7z", "lz4", "rar"});

/// What databases lay beside their file.
constexpr auto kCompanions = std::to_array<std::string_view>({"-wal", "-shm", "-journal"});

template <typename List>
bool holds(const List& list, std::string_view what) {
  return std::find(list.begin(), list.end(), what) != list.end();
}

/// What follows the last dot, and is taken off with it; empty: there is none, or only a dot first.
std::string_view take_extension(std::string_view& name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  const std::string_view extension = name.substr(dot + 1);
  name = name.substr(0, dot);
  return extension;
}

bool is_private_extension(std::string_view extension) {
  for (const std::string_view companion : kCompanions) {
    if (extension.ends_with(companion)) extension.remove_suffix(companion.size());
  }
  return holds(kPrivate, extension);
}

/// A number or an archive's extension: what it is of stands before it.
bool is_wrapping(std::string_view extension) {
  return holds(kArchives, extension) || std::all_of(extension.begin(), extension.end(), is_digit);
}

}  // namespace

std::string_view content_type_of(std::string_view name) {
  const std::string extension = lower(take_extension(name));
  if (extension.empty() || !is_alphanumeric_or("_+-", extension)) return {};
  const auto* at = std::find_if(kTypes.begin(), kTypes.end(),
                                [&](const Type& type) { return type.first == extension; });
  return at == kTypes.end() ? kUnknownType : at->second;
}

bool is_private_name(std::string_view name) {
  if (name.ends_with('~')) return true;  // an editor's copy
  const std::string lowered = lower(name);
  std::string_view rest = lowered;
  for (std::string_view extension = take_extension(rest); !extension.empty();
       extension = take_extension(rest)) {
    if (is_private_extension(extension)) return true;
    if (!is_wrapping(extension)) return false;
  }
  return false;
}

bool is_page_type(std::string_view content_type) {
  return content_type.starts_with("text/html") || content_type == "application/xhtml+xml";
}

}  // namespace portero
