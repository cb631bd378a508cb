// Reads a directory into a FileMap, once; see files.h. What does not fit the list is left out, what
// would publish a secret is refused.
#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <span>
#include <system_error>

#include "proxy/site/files.h"
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
  return !name.empty() && name.front() != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
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

/// A regular file, never a link; nullopt when it is none or cannot be read whole.
std::optional<std::string> read_regular(const fs::path& path, std::size_t most) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  struct stat about {};
  std::optional<std::string> content;
  if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
      static_cast<std::size_t>(about.st_size) <= most) {
    std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
    if (::read(fd, bytes.data(), bytes.size()) == about.st_size) content = std::move(bytes);
  }
  ::close(fd);
  return content;
}

class Walk {
 public:
  explicit Walk(FileMap& files) : files_(files) {}

  /// `url` is the request path of `directory`, ending in `/`. Empty, or why the whole is refused.
  std::string read(const fs::path& directory, const std::string& url, int depth) {
    std::error_code failed;
    fs::directory_iterator entries(directory, failed);
    if (failed) return directory.string() + " cannot be read: " + failed.message();
    for (; entries != fs::directory_iterator(); entries.increment(failed)) {
      std::string why = read_entry(*entries, url, depth);
      if (!why.empty()) return why;
      if (failed) break;
    }
    return {};
  }

 private:
  std::string read_entry(const fs::directory_entry& entry, const std::string& url, int depth) {
    const std::string name = entry.path().filename().string();
    if (name == ".git") {
      return entry.path().string() +
             " is a repository's own data: point static_dir at the built site (build/site), not at "
             "a checkout";
    }
    std::error_code ignored;
    const fs::file_type type = entry.symlink_status(ignored).type();
    if (!is_segment(name)) return {};
    if (type == fs::file_type::directory) {
      if (depth >= kDepthMax) return entry.path().string() + " lies too deep";
      return read(entry.path(), std::string(url).append(name).append("/"), depth + 1);
    }
    if (type != fs::file_type::regular || type_of(name).empty()) return {};
    return add(entry.path(), url, name);
  }

  std::string add(const fs::path& path, const std::string& url, const std::string& name) {
    const auto take = [this](const fs::path& from) {
      std::optional<std::string> content = read_regular(from, kBytesMax - bytes_);
      if (content) bytes_ += content->size();
      return content;
    };
    std::optional<std::string> body = take(path);
    if (!body) return path.string() + " cannot be read, or the files exceed 64 MiB";
    if (++count_ > kFilesMax) return "it holds more than 2,000 files: point static_dir at the site";
    File file{.content_type = std::string(type_of(name)),
              .etag = make_etag(*body),
              .body = std::move(*body),
              .br = take(fs::path(path).concat(".br")),
              .gzip = take(fs::path(path).concat(".gz"))};
    if (name == "index.html") files_[url] = file;
    files_[url + name] = std::move(file);
    return {};
  }

  FileMap& files_;
  std::size_t bytes_ = 0;
  std::size_t count_ = 0;
};

bool lies_below(const fs::path& path, const fs::path& directory) {
  const auto [at, end] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return at == directory.end();
}

}  // namespace

FileMap read_files(const std::string& directory, const std::vector<std::string>& forbidden,
                   std::string& why) {
  why.clear();
  std::error_code failed;
  const fs::path root = fs::canonical(directory, failed);
  if (failed || !fs::is_directory(root, failed)) {
    why = "static_dir " + directory + " is not a directory: build the site, or mend the setting";
    return {};
  }
  for (const fs::path& part : root) {
    if (part == ".git") why = "static_dir " + directory + " lies in a .git";
  }
  for (const std::string& file : forbidden) {
    if (file.empty()) continue;
    const fs::path whole = fs::absolute(file, failed);
    const fs::path real = failed ? fs::path() : fs::weakly_canonical(whole, failed);
    if (failed) {
      why = std::string("static_dir ").append(directory).append(": where ").append(file);
      why += " lies cannot be told: name it by a path that this user may follow";
    } else if (lies_below(real, root)) {
      why = std::string("static_dir ").append(directory).append(" holds ").append(file);
      why += ", which is not for visitors: keep the page's files in a directory of their own";
    }
  }
  if (!why.empty()) return {};
  FileMap files;
  const std::string refusal = Walk(files).read(root, "/", 0);
  if (refusal.empty()) return files;
  why = "static_dir " + directory + " is refused: " + refusal;
  return {};
}

}  // namespace portero
