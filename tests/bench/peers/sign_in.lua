-- A sign-in with a new code each time: method, path and body are arguments, CODE in them is the code. An answer counts if it is
-- 201, or 302 to the page given as `welcome`, and sets a cookie: anything else is a failure.
local threads = {}
failed = 0

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  method, path, body, first, welcome = args[1], args[2], args[3], tonumber(args[4]), args[5]
  count = 0
end

function request()
  count = count + 1
  local code = string.format("%020d", first + count)
  return wrk.format(method, (path:gsub("CODE", code)), wrk.headers, body ~= "" and (body:gsub("CODE", code)) or nil)
end

function response(status, headers, said)
  local to = headers["location"] or headers["Location"] or ""
  local good = status == 201 or (status == 302 and to == welcome)
  if not good or not (headers["set-cookie"] or headers["Set-Cookie"]) then failed = failed + 1 end
end

function done(summary, latency, requests)
  local errors = summary.errors
  local bad = errors.connect + errors.write + errors.timeout
  for _, thread in ipairs(threads) do bad = bad + thread:get("failed") end
  io.write(string.format('{"requests":%d,"microseconds":%d,"bytes":%d,"failed":%d,"closed":%d,"p50":%.1f,"p99":%.1f}\n',
    summary.requests, summary.duration, summary.bytes, bad, errors.read, latency:percentile(50), latency:percentile(99)))
end
