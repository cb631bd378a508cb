#include "proxy/site/read_files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <system_error>
#include <utility>

#include "proxy/base/descriptor.h"
#include "proxy/base/path.h"
#include "proxy/base/text.h"
#include "wasm/encoding.h"

namespace portero {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFilesMax = 2000;
constexpr std::size_t kBytesMax = std::size_t{64} << 20U;
constexpr int kDepthMax = 16;

constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kTypes = {{
    {"html", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"wasm", "application/wasm"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"webp", "image/webp"},
    {"ico", "image/x-icon"},
    {"txt", "text/plain; charset=utf-8"},
    {"xml", "application/xml"},
    {"webmanifest", "application/manifest+json"},
    {"woff2", "font/woff2"},
    {"map", "application/json"},
}};

/// `[A-Za-z0-9_-][A-Za-z0-9._-]*`
bool is_segment(std::string_view name) {
  return !name.empty() && name.front() != '.' && is_alphanumeric_or("._-", name);
}

/// Empty: not served.
std::string_view type_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const auto* at = std::find_if(kTypes.begin(), kTypes.end(), [=](const auto& type) {
    return type.first == name.substr(dot + 1);
  });
  return at == kTypes.end() ? std::string_view() : at->second;
}

std::string make_etag(const std::string& content) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr) !=
      1) {
    return {};
  }
  return '"' + hex_encode(std::span(digest).first(size)) + '"';
}

/// A regular file, never a link; nullopt: it is something else, or cannot be read whole.
std::optional<std::string> read_regular(const fs::path& path, std::size_t most) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat about {};
  if (!fd.is_open() || ::fstat(fd.get(), &about) != 0 || !S_ISREG(about.st_mode)) {
    return std::nullopt;
  }
  const auto size = static_cast<std::size_t>(about.st_size);
  if (size > most) return std::nullopt;
  std::string bytes(size, '\0');
  if (::read(fd.get(), bytes.data(), size) != about.st_size) return std::nullopt;
  return bytes;
}

Problem refuse(const fs::path& path, std::string_view wrong, std::string_view fix) {
  return {"static_dir", path.string() + " " + std::string(wrong), std::string(fix)};
}

class Walk {
 public:
  explicit Walk(FileMap& files) : files_(files) {}

  /// `url` is the request path of `directory`, ending in `/`.
  Result<Done, Problem> read(const fs::path& directory, const std::string& url, int depth) {
    std::error_code failed;
    fs::directory_iterator entries(directory, failed);
    if (failed) {
      return refuse(directory, "cannot be read: " + failed.message(),
                    "let this user read it, or remove it");
    }
    for (; entries != fs::directory_iterator(); entries.increment(failed)) {
      Result<Done, Problem> entry = read_entry(*entries, url, depth);
      if (!entry) return entry;
      if (failed) break;
    }
    return Done{};
  }

 private:
  Result<Done, Problem> read_entry(const fs::directory_entry& entry, const std::string& url,
                                   int depth) {
    const std::string name = entry.path().filename().string();
    if (name == ".git") {
      return refuse(entry.path(), "is a repository's own data",
                    "name the built site (build/site), not a checkout");
    }
    std::error_code ignored;
    const fs::file_type type = entry.symlink_status(ignored).type();
    if (!is_segment(name)) return Done{};
    if (type == fs::file_type::directory) {
      if (depth >= kDepthMax) return refuse(entry.path(), "lies too deep", "move it up");
      return read(entry.path(), std::string(url).append(name).append("/"), depth + 1);
    }
    if (type != fs::file_type::regular || type_of(name).empty()) return Done{};
    return add(entry.path(), url, name);
  }

  Result<Done, Problem> add(const fs::path& path, const std::string& url, const std::string& name) {
    const auto take = [this](const fs::path& from) {
      std::optional<std::string> content = read_regular(from, kBytesMax - bytes_);
      if (content) bytes_ += content->size();
      return content;
    };
    std::optional<std::string> body = take(path);
    if (!body) {
      return refuse(path, "cannot be read, or the files exceed 64 MiB",
                    "let this user read it, or name the built site");
    }
    if (++count_ > kFilesMax) {
      return Problem{"static_dir", "holds more than 2,000 files", "name the built site"};
    }
    File file{.content_type = std::string(type_of(name)),
              .etag = make_etag(*body),
              .body = std::move(*body),
              .br = take(fs::path(path).concat(".br")),
              .gzip = take(fs::path(path).concat(".gz"))};
    if (name == "index.html") files_[url] = file;
    files_[url + name] = std::move(file);
    return Done{};
  }

  FileMap& files_;
  std::size_t bytes_ = 0;
  std::size_t count_ = 0;
};

/// A file that visitors must not get, against the directory they get.
Result<Done, Problem> check_apart(const std::string& file, const std::string& directory,
                                  const fs::path& root) {
  const std::optional<fs::path> real = resolve_path(file);
  if (!real) {
    return refuse(directory, "may hold " + file + ", which cannot be resolved",
                  "use a path that this user can follow");
  }
  if (!lies_below(*real, root)) return Done{};
  return refuse(directory, "holds " + file + ", which is not for visitors",
                "keep the page's files in a directory of their own");
}

}  // namespace

Result<FileMap, Problem> read_files(const std::string& directory,
                                    const std::vector<std::string>& forbidden) {
  std::error_code failed;
  const fs::path root = fs::canonical(directory, failed);
  if (failed || !fs::is_directory(root, failed)) {
    return refuse(directory, "is not a directory", "build the site, or correct the setting");
  }
  if (std::find(root.begin(), root.end(), ".git") != root.end()) {
    return refuse(directory, "lies in a .git", "name the built site (build/site)");
  }
  for (const std::string& file : forbidden) {
    if (file.empty()) continue;
    const Result<Done, Problem> apart = check_apart(file, directory, root);
    if (!apart) return apart.error();
  }
  FileMap files;
  const Result<Done, Problem> walked = Walk(files).read(root, "/", 0);
  if (!walked) return walked.error();
  return files;
}

}  // namespace portero
