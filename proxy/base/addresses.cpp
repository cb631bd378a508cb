#include "proxy/base/addresses.h"

#include <arpa/inet.h>

#include <algorithm>

#include "proxy/base/text.h"

namespace portero {
namespace {

constexpr std::string_view kUnix = "unix";
constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned kMappedBits = 96;
constexpr unsigned kAllBits = 128;
constexpr unsigned kCustomerBits = 64;
constexpr std::size_t kLongest = 64;  // of any text that is an address

/// "[2001:db8::1]:443" -> "2001:db8::1", "192.0.2.1:443" -> "192.0.2.1"; empty: a port that is
/// none.
std::string_view without_port(std::string_view text) {
  constexpr std::int64_t kPortMax = 65535;
  const bool has_brackets = text.starts_with('[');
  const std::size_t end = has_brackets ? text.find(']') : text.find(':');
  if (end == std::string_view::npos) return has_brackets ? std::string_view() : text;
  if (!has_brackets && text.find(':', end + 1) != std::string_view::npos) return text;  // IPv6
  const std::string_view rest = text.substr(has_brackets ? end + 1 : end);
  const std::string_view address = has_brackets ? text.substr(1, end - 1) : text.substr(0, end);
  if (has_brackets && rest.empty()) return address;
  if (!rest.starts_with(':') || !read_number(rest.substr(1), 0, kPortMax)) return {};
  const bool is_v6 = address.find(':') != std::string_view::npos;
  return is_v6 == has_brackets ? address : std::string_view();
}

/// Takes the last entry off a list; empty: the list has no more.
std::string_view take_last(std::string_view& list) {
  const std::size_t comma = list.rfind(',');
  const std::size_t begin = comma == std::string_view::npos ? 0 : comma + 1;
  const std::string_view last = list.substr(begin);
  list = list.substr(0, begin == 0 ? 0 : comma);
  return strip(last);
}

}  // namespace

std::optional<Address> Address::read(std::string_view text) {
  if (text.size() > kLongest || text.find('\0') != std::string_view::npos) return std::nullopt;
  const std::string bare(without_port(text));
  Address address;
  if (inet_pton(AF_INET6, bare.c_str(), address.bytes_.data()) == 1) return address;
  if (text.starts_with('[')) return std::nullopt;
  std::copy(kMapped.begin(), kMapped.end(), address.bytes_.begin());
  if (inet_pton(AF_INET, bare.c_str(), address.bytes_.data() + kMapped.size()) == 1) return address;
  return std::nullopt;
}

bool Address::is_v4() const { return std::equal(kMapped.begin(), kMapped.end(), bytes_.begin()); }

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const bool v4 = is_v4();
  const std::uint8_t* bytes = bytes_.data() + (v4 ? kMapped.size() : 0);
  return inet_ntop(v4 ? AF_INET : AF_INET6, bytes, text.data(), text.size());
}

std::string Address::bucket() const {
  if (is_v4()) return text();
  Address net = *this;
  std::fill(net.bytes_.begin() + kCustomerBits / 8, net.bytes_.end(), std::uint8_t{0});
  return net.text() + "/64";
}

bool Address::shares(const Address& other, unsigned bits) const {
  const auto whole = static_cast<std::ptrdiff_t>(bits / 8);
  if (!std::equal(bytes_.begin(), bytes_.begin() + whole, other.bytes_.begin())) return false;
  const unsigned rest = bits % 8;
  if (rest == 0) return true;
  const auto at = static_cast<std::size_t>(whole);
  return (bytes_.at(at) ^ other.bytes_.at(at)) >> (8 - rest) == 0;
}

AddressList::AddressList(std::initializer_list<std::string_view> entries) {
  for (const std::string_view entry : entries) (void)add(entry);
}

bool AddressList::add(std::string_view entry) {
  if (entry == kUnix) return has_unix_ = true;
  const std::size_t slash = entry.find('/');
  const std::string_view bare = entry.substr(0, slash);
  const std::optional<Address> address = Address::read(bare);
  if (!address || bare != without_port(bare)) return false;
  const bool is_short = bare.find(':') == std::string_view::npos;  // written as IPv4
  const unsigned most = is_short ? kAllBits - kMappedBits : kAllBits;
  std::optional<std::int64_t> bits = most;
  if (slash != std::string_view::npos) bits = read_number(entry.substr(slash + 1), 1, most);
  if (!bits) return false;
  const unsigned whole = static_cast<unsigned>(*bits) + (is_short ? kMappedBits : 0);
  if (whole <= kMappedBits && address->shares(*Address::read("0.0.0.0"), whole)) return false;
  nets_.push_back({*address, whole});
  return true;
}

bool AddressList::contains(const Address& address) const {
  return std::any_of(nets_.begin(), nets_.end(),
                     [&](const Net& net) { return address.shares(net.address, net.bits); });
}

bool AddressList::contains_peer(std::string_view peer) const {
  if (peer == kUnix) return has_unix_;
  const std::optional<Address> address = Address::read(peer);
  return address && contains(*address);
}

std::string AddressList::text() const {
  std::string text;
  for (const Net& net : nets_) {
    text += net.address.text();
    const unsigned bits = net.bits - (net.address.is_v4() ? kMappedBits : 0);
    if (net.bits != kAllBits) text += "/" + std::to_string(bits);
    text += " ";
  }
  if (has_unix_) return text + std::string(kUnix);
  if (!text.empty()) text.pop_back();
  return text;
}

RemoteClient find_client(std::string_view peer, std::string_view forwarded_for,
                         const AddressList& trusted) {
  std::optional<Address> last = Address::read(peer);
  bool is_trusted = trusted.contains_peer(peer);
  while (is_trusted && !forwarded_for.empty()) {
    const std::optional<Address> before = Address::read(take_last(forwarded_for));
    if (!before) break;
    last = before;
    is_trusted = trusted.contains(*before);
  }
  RemoteClient client;
  client.address = last ? last->text() : std::string(peer);
  if (!is_trusted) client.bucket = last ? last->bucket() : std::string(peer);
  return client;
}

}  // namespace portero
