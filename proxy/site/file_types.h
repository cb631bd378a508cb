// What a file is, by its name: its content type, and whether visitors may have it at all. Pure.
#pragma once

#include <string_view>

namespace portero {

inline constexpr std::string_view kUnknownType = "application/octet-stream";

/// The content type by the extension, in any case: as IANA, nginx and mime-db name it, text with
/// `charset=utf-8`. kUnknownType for an extension that is not in the list, which
/// browsers only save. Empty: the name has no extension ([A-Za-z0-9_+-] behind its last dot).
[[nodiscard]] std::string_view content_type_of(std::string_view name);

/// Whether a file of that name holds keys, settings, a database, a log, a program of a server or an
/// older copy, which visitors never get. By the extension in any case, also behind a number or an
/// archive's extension: `server.KEY`, `error.log.1`, `dump.sql.gz`.
[[nodiscard]] bool is_private_name(std::string_view name);

/// Whether browsers show a file of this content type as a page.
[[nodiscard]] bool is_page_type(std::string_view content_type);

}  // namespace portero
