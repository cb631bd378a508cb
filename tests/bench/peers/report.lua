-- What wrk found, as one line of JSON. A status of 400 or more is a failure; `closed` counts connections that were
-- closed before an answer, which wrk opens again.
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"closed":%d,"p50":%.1f,"p99":%.1f}\n',
    summary.requests, summary.duration, summary.bytes, failed, errors.read, latency:percentile(50), latency:percentile(99)))
end
