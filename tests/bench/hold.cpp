#include "tests/bench/hold.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <utility>

#include "tests/bench/wire.h"

namespace portero::bench {
namespace {

constexpr std::array<std::pair<std::string_view, Hold>, 6> kNames{
    {{"half-open", Hold::kHalfOpen},
     {"drip-header", Hold::kDripHeader},
     {"drip-body", Hold::kDripBody},
     {"idle", Hold::kIdle},
     {"kept", Hold::kKept},
     {"slow-read", Hold::kSlowRead}}};

constexpr int kSmallBuffer = 2048;  // what a slow reader lets the system take in for it
constexpr timeval kTimerTurn{0, 20'000};

timeval to_timeval(double seconds) {
  const auto whole = static_cast<time_t>(seconds);
  return {whole, static_cast<suseconds_t>((seconds - static_cast<double>(whole)) * 1e6)};
}

struct Totals : HoldResult {
  int now = 0;
};

/// What a connection of this kind says at once.
std::string make_opening(Hold kind, const HoldPlan& plan) {
  const std::string common = "Host: 127.0.0.1\r\nX-Portero: 1\r\nOrigin: " + plan.origin + "\r\n";
  switch (kind) {
    case Hold::kHalfOpen:
      return "GET /v1/session HTTP/1.1\r\n" + common + "X-Half: ";
    case Hold::kDripHeader:
      return "GET /v1/session HTTP/1.1\r\n" + common + "X-Drip: ";
    case Hold::kDripBody:
      return "POST /v1/session HTTP/1.1\r\n" + common +
             "Content-Type: application/json\r\nContent-Length: 4096\r\n\r\n{";
    case Hold::kKept:
    case Hold::kSlowRead:
      return "GET " + plan.target + " HTTP/1.1\r\n" + common + "\r\n";
    case Hold::kIdle:
      return {};
  }
  return {};
}

class Held {
 public:
  Held(event_base* base, const HoldPlan& plan, Hold kind, Totals& totals)
      : base_(base),
        plan_(plan),
        kind_(kind),
        opening_(make_opening(kind, plan)),
        totals_(totals) {}
  ~Held() { close(); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  [[nodiscard]] bool is_open() const { return fd_ >= 0; }

  void open() {
    fd_ = open_socket(plan_.port, kind_ == Hold::kSlowRead ? kSmallBuffer : 0);
    if (fd_ < 0) {
      ++totals_.failed;
      return;
    }
    sent_ = 0;
    watch(EV_WRITE, nullptr);
  }

 private:
  static void on_event(int /*fd*/, short what, void* self) { static_cast<Held*>(self)->step(what); }

  void watch(short what, const timeval* drip) {
    event_.reset(event_new(base_, fd_, static_cast<short>(what | EV_PERSIST), on_event, this));
    event_add(event_.get(), drip);
  }

  void step(short what) {
    if ((what & EV_WRITE) != 0) return begin();
    if ((what & EV_TIMEOUT) != 0) return drip();
    receive();
  }

  void begin() {
    if (socket_error(fd_) != 0) {
      ++totals_.failed;
      return close();
    }
    if (!connected_) {
      connected_ = true;
      ++totals_.opened;
      totals_.held = std::max(totals_.held, ++totals_.now);
    }
    const ssize_t sent =
        ::send(fd_, opening_.data() + sent_, opening_.size() - sent_, MSG_NOSIGNAL);
    if (sent > 0) sent_ += static_cast<std::size_t>(sent);
    if (sent_ < opening_.size()) return;
    const timeval drip = to_timeval(plan_.drip_seconds);
    const bool drips =
        kind_ == Hold::kDripHeader || kind_ == Hold::kDripBody || kind_ == Hold::kSlowRead;
    // A slow reader does not look whether there is something to read: it takes a byte when it does.
    watch(kind_ == Hold::kSlowRead ? short{0} : short{EV_READ}, drips ? &drip : nullptr);
  }

  void drip() {
    if (kind_ == Hold::kSlowRead) return receive();
    if (::send(fd_, "x", 1, MSG_NOSIGNAL) < 0 && errno != EAGAIN) cut();
  }

  void receive() {
    std::array<char, 4096> bytes;
    const std::size_t most = kind_ == Hold::kSlowRead ? 1 : bytes.size();
    const ssize_t got = ::recv(fd_, bytes.data(), most, 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) cut();
  }

  void cut() {
    ++totals_.cut;
    close();
    open();
  }

  void close() {
    event_.reset();
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
    if (std::exchange(connected_, false)) --totals_.now;
  }

  event_base* base_;
  const HoldPlan& plan_;
  Hold kind_;
  const std::string opening_;
  Totals& totals_;
  int fd_ = -1;
  EventPointer event_;
  std::size_t sent_ = 0;
  bool connected_ = false;
};

class Holder {
 public:
  Holder(event_base* base, const HoldPlan& plan) : base_(base), plan_(plan) {
    for (int i = 0; i < plan.count; ++i) {
      const Hold kind = plan.kinds[static_cast<std::size_t>(i) % plan.kinds.size()];
      all_.push_back(std::make_unique<Held>(base, plan, kind, totals_));
    }
    timer_.reset(event_new(base, -1, EV_PERSIST, on_turn, this));
    for (const int signal : {SIGTERM, SIGINT}) {
      signals_.emplace_back(evsignal_new(base, signal, on_signal, base));
      event_add(signals_.back().get(), nullptr);
    }
  }

  HoldResult run() {
    event_add(timer_.get(), &kTimerTurn);
    event_base_dispatch(base_);
    if (!reached_) totals_.least = 0;
    return totals_;
  }

 private:
  static void on_turn(int, short, void* self) { static_cast<Holder*>(self)->turn(); }
  static void on_signal(int, short, void* base) {
    event_base_loopbreak(static_cast<event_base*>(base));
  }

  /// Opens what is to be open by now, and counts.
  void turn() {
    const double seconds = since(started_) / 1000;
    const auto due = static_cast<std::size_t>(std::min<double>(plan_.count, plan_.rate * seconds));
    for (std::size_t i = 0; i < due; ++i) {
      if (!all_[i]->is_open()) all_[i]->open();
    }
    if (!reached_ && totals_.now == plan_.count) {
      reached_ = true;
      totals_.least = totals_.now;
      std::printf("{\"holding\":%d}\n", totals_.now);
      (void)std::fflush(stdout);
    }
    totals_.least = std::min(totals_.least, totals_.now);
    if (plan_.seconds > 0 && seconds >= plan_.seconds) event_base_loopbreak(base_);
  }

  event_base* base_;
  const HoldPlan& plan_;
  const Clock::time_point started_ = Clock::now();
  Totals totals_;
  std::vector<std::unique_ptr<Held>> all_;
  EventPointer timer_;
  std::vector<EventPointer> signals_;
  bool reached_ = false;
};

}  // namespace

bool read_hold(const std::string& name, Hold& into) {
  const auto* const found = std::find_if(kNames.begin(), kNames.end(),
                                         [&](const auto& one) { return one.first == name; });
  if (found == kNames.end()) return false;
  into = found->second;
  return true;
}

HoldResult run_hold(event_base* base, const HoldPlan& plan) { return Holder(base, plan).run(); }

}  // namespace portero::bench
