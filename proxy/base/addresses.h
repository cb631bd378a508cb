// Network addresses from text: one address, a list of nets, and the address that limits use
// for a request. Pure: parses and compares, never resolves a name. Used for `trusted_proxies`,
// peers and X-Forwarded-For.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace portero {

/// An IPv4 or IPv6 address. ::ffff:192.0.2.1 and 192.0.2.1 are the same one (RFC 4291 §2.5.5.2).
class Address {
 public:
  /// "192.0.2.1", "2001:db8::1", and as proxies write them: "192.0.2.1:4711", "[2001:db8::1]" and
  /// "[2001:db8::1]:4711". nullopt: anything else, names and zones (fe80::1%eth0) included.
  [[nodiscard]] static std::optional<Address> read(std::string_view text);

  [[nodiscard]] bool is_v4() const;

  /// Canonical (RFC 5952): "192.0.2.1", "2001:db8::1".
  [[nodiscard]] std::string text() const;

  /// What limits count under: the address itself for IPv4; its /64 ("2001:db8::/64") for IPv6, the
  /// smallest net that one customer has.
  [[nodiscard]] std::string bucket() const;

  /// Whether the first `bits` (0 to 128, counted in IPv6 with IPv4 mapped) are those of `other`.
  [[nodiscard]] bool shares(const Address& other, unsigned bits) const;

 private:
  std::array<std::uint8_t, 16> bytes_ = {};
};

/// Nets, single addresses and unix sockets.
class AddressList {
 public:
  AddressList() = default;

  /// REQUIRES: add() takes each.
  AddressList(std::initializer_list<std::string_view> entries);

  /// "192.0.2.1", "10.0.0.0/8", "2001:db8::/32" or "unix". False for anything else. False
  /// also for a net that holds every IPv4 or IPv6 address. Then nothing is added.
  [[nodiscard]] bool add(std::string_view entry);

  [[nodiscard]] bool contains(const Address& address) const;

  /// A TCP peer's address, or "unix".
  [[nodiscard]] bool contains_peer(std::string_view peer) const;

  /// As it would be written: "127.0.0.0/8 ::1 unix".
  [[nodiscard]] std::string text() const;

 private:
  struct Net {
    Address address;
    unsigned bits;  // as for Address::shares
  };
  std::vector<Net> nets_;
  bool has_unix_ = false;
};

/// Who sent a request, as far as can be known.
struct RemoteClient {
  std::string address;  // canonical; the peer as it is when that is no address ("unix")
  std::string bucket;   // what limits count it under; empty: a trusted proxy itself, never limited
};

/// A peer that is not trusted is the client, whatever the header says. A trusted one may name it
/// in X-Forwarded-For (lines joined with ","). Reading goes right to left, to the first entry that
/// is not itself trusted. It stops at a bad entry. The last good address is the client.
[[nodiscard]] RemoteClient find_client(std::string_view peer, std::string_view forwarded_for,
                                       const AddressList& trusted);

}  // namespace portero
