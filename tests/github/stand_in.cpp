// See stand_in.h: one GitHub behind one lock, with its ports, the system's clock and entropy.
#include "tests/github/stand_in.h"

#include <openssl/rand.h>

#include <chrono>
#include <cstdlib>
#include <mutex>

#include "tests/github/github.h"
#include "tests/github/raw_faults.h"
#include "tests/github/server.h"
#include "tests/github/tls_front.h"

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
  stand_in::Certificate authority;
  std::unique_ptr<stand_in::TlsFront> front;
  std::unique_ptr<stand_in::TlsFront> api_front;

  stand_in::Reply answer(const stand_in::Call& call) {
    stand_in::Reply reply = answer_locked(call);
    if (call.path.ends_with("/fault")) set_doors();
    return reply;
  }

  bool open_fronts();
  void set_doors();

 private:
  stand_in::Reply answer_locked(const stand_in::Call& call) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!github) return stand_in::make_reply(503, "text/plain", "starting\n");
    return github->answer(call);
  }
  std::unique_ptr<stand_in::TlsFront> open_front(std::string_view place);
  void set_door(std::string_view place, stand_in::TlsFront& front);
};

bool StandIn::Inside::open_fronts() {
  stand_in::Subject subject;
  subject.common_name = "The stand-in's authority";
  subject.names = "";
  authority = stand_in::make_self_signed(subject, true);
  front = open_front(stand_in::kGithubConnection);
  api_front = open_front(stand_in::kApiConnection);
  return front && api_front;
}

std::unique_ptr<stand_in::TlsFront> StandIn::Inside::open_front(std::string_view place) {
  const int backend = raw ? raw->port() : server->port();
  return stand_in::TlsFront::start(authority, backend,
                                   {.next_fault =
                                        [this, place] {
                                          const std::lock_guard<std::mutex> lock(mutex);
                                          std::string fault = github->take_fault(place);
                                          if (!fault.empty()) github->note_heard(place, fault, 0);
                                          return fault;
                                        },
                                    .heard =
                                        [this, place](std::string_view fault, std::size_t bytes) {
                                          if (fault.empty()) return;
                                          const std::lock_guard<std::mutex> lock(mutex);
                                          github->note_heard(place, fault, bytes);
                                        }});
}

/// What is armed to be met before any byte is met from now on.
void StandIn::Inside::set_doors() {
  if (front) set_door(stand_in::kGithubConnection, *front);
  if (api_front) set_door(stand_in::kApiConnection, *api_front);
}

void StandIn::Inside::set_door(std::string_view place, stand_in::TlsFront& at) {
  using Door = stand_in::TlsFront::Door;
  std::string fault;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    fault = github->armed_fault(place);
  }
  Door door = Door::kOpen;
  if (fault == "refused") door = Door::kRefusing;
  if (fault == "dropped") door = Door::kDropping;
  if (!at.set_door(door)) std::abort();  // a test must not go on behind the wrong door
}

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
  const bool with_tls = options.with_tls;
  if (options.base_url.empty()) options.base_url = address(inside->server->port());
  {
    const std::lock_guard<std::mutex> lock(inside->mutex);
    inside->github =
        std::make_unique<stand_in::GitHub>(std::move(options), system_seconds, system_entropy);
  }
  if (with_tls && !inside->open_fronts()) {
    why = "no free port for TLS";
    return nullptr;
  }
  return std::unique_ptr<StandIn>(new StandIn(std::move(inside)));
}

int StandIn::port() const { return inside_->server->port(); }
std::string StandIn::url() const { return address(port()); }
int StandIn::fault_port() const { return inside_->raw ? inside_->raw->port() : 0; }
std::string StandIn::fault_url() const { return address(fault_port()); }

std::string StandIn::tls_url() const {
  if (!inside_->front) return "";
  return "https://localhost:" + std::to_string(inside_->front->port());
}

std::string StandIn::tls_api_url() const {
  if (!inside_->api_front) return "";
  return "https://127.0.0.1:" + std::to_string(inside_->api_front->port());
}

std::string StandIn::tls_authority() const {
  return inside_->front ? stand_in::to_pem(inside_->authority) : "";
}

void StandIn::add_redirect_uri(std::string_view client_id, std::string redirect_uri) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  inside_->github->add_redirect_uri(client_id, std::move(redirect_uri));
}

void StandIn::add_client(StandInClient client) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  inside_->github->add_client(std::move(client));
}

bool StandIn::arm_fault(std::string_view at, std::string_view fault, int times) {
  {
    const std::lock_guard<std::mutex> lock(inside_->mutex);
    if (!inside_->github->arm_fault(at, fault, times)) return false;
  }
  inside_->set_doors();
  return true;
}

bool StandIn::set_membership(std::string_view organization, std::string_view team,
                             std::string_view login, std::string_view state) {
  const std::lock_guard<std::mutex> lock(inside_->mutex);
  return inside_->github->set_membership(organization, team, login, state);
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
  if (inside_->front) inside_->front->stop();
  if (inside_->api_front) inside_->api_front->stop();
  if (inside_->raw) inside_->raw->stop();
  inside_->server->stop();
}

}  // namespace portero
