// See stand_in.h: one GitHub behind one lock, with its ports, the system's clock and entropy.
#include "tests/github/stand_in.h"

#include <openssl/rand.h>

#include <chrono>
#include <cstdlib>
#include <mutex>

#include "tests/github/github.h"
#include "tests/github/raw_faults.h"
#include "tests/github/server.h"

namespace portero {
namespace {

std::int64_t system_seconds() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

std::string system_entropy(std::size_t count) {
  std::string octets(count, '\0');
  const int made =
      RAND_bytes(reinterpret_cast<unsigned char*>(octets.data()), static_cast<int>(count));
  if (made != 1) std::abort();
  return octets;
}

std::string address(int port) {
  return port == 0 ? "" : "http://127.0.0.1:" + std::to_string(port);
}

}  // namespace

struct StandIn::Inside {
  mutable std::mutex mutex;
  std::unique_ptr<stand_in::GitHub> github;
  std::unique_ptr<stand_in::Server> server;
  std::unique_ptr<stand_in::RawServer> raw;

  stand_in::Reply answer(const stand_in::Call& call) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!github) return stand_in::make_reply(503, "text/plain", "starting\n");
    return github->answer(call);
  }
};

StandIn::StandIn(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
StandIn::~StandIn() { stop(); }

std::unique_ptr<StandIn> StandIn::start(StandInOptions options, std::string& why) {
  auto inside = std::make_unique<Inside>();
  Inside* const self = inside.get();
  const auto answer = [self](const stand_in::Call& call) { return self->answer(call); };
  inside->server = stand_in::Server::start(options.port, [answer](const stand_in::Call& call) {
    stand_in::Reply reply = answer(call);
    if (reply.raw_fault.empty()) return reply;
    return stand_in::make_reply(501, "text/plain",
                                "This fault is played on the fault port only.\n");
  });
  if (!inside->server) {
    why = "127.0.0.1:" + std::to_string(options.port) + " is taken";
    return nullptr;
  }
  if (options.with_faults) {
    inside->raw = stand_in::RawServer::start(answer);
    if (!inside->raw) {
      why = "no free port for the faults";
      return nullptr;
    }
  }
  if (options.base_url.empty()) options.base_url = address(inside->server->port());
  {
    const std::lock_guard<std::mutex> lock(inside->mutex);
    inside->github =
        std::make_unique<stand_in::GitHub>(std::move(options), system_seconds, system_entropy);
  }
  return std::unique_ptr<StandIn>(new StandIn(std::move(inside)));
}

int StandIn::port() const { return inside_->server->port(); }
std::string StandIn::url() const { return address(port()); }
int StandIn::fault_port() const { return inside_->raw ? inside_->raw->port() : 0; }
std::string StandIn::fault_url() const { return address(fault_port()); }

void StandIn::add_redirect_uri(std::string_view client_id, std::string redirect_uri) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  inside_->github->add_redirect_uri(client_id, std::move(redirect_uri));
}

void StandIn::add_client(StandInClient client) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  inside_->github->add_client(std::move(client));
}

bool StandIn::arm_fault(std::string_view at, std::string_view fault, int times) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->arm_fault(at, fault, times);
}

void StandIn::advance(std::int64_t seconds) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  inside_->github->advance(seconds);
}

std::string StandIn::issue_code(std::string_view client_id, std::string_view login,
                                std::string_view redirect_uri, std::string_view code_challenge,
                                std::string_view scope) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->issue_code(client_id, login, redirect_uri, code_challenge, scope);
}

int StandIn::hits(std::string_view endpoint) const {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->hits(endpoint);
}

int StandIn::live_tokens() const {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->live_tokens();
}

int StandIn::revoked_tokens() const {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->revoked_tokens();
}

void StandIn::stop() {
  if (inside_->raw) inside_->raw->stop();
  inside_->server->stop();
}

}  // namespace portero
