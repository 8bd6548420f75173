-- Begins a sweep: says which boots have no lease, if the leases were watched for long enough to know.
-- KEYS: marker, boots.  ARGV: longest break between two sweeps, length of a lease, both in milliseconds; prefix of the lease keys.
-- The marker holds since when sweeps follow each other without a break. Redis emptied, paused, or nobody sweeping: it begins again, and for the
-- length of a lease every gateway has the time to renew.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local since = redis.call('GET', KEYS[1])
if not since then
  redis.call('SET', KEYS[1], string.format('%.0f', now), 'PX', ARGV[1])
  return {}
end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
if now - tonumber(since) < tonumber(ARGV[2]) then return {} end
local dead = {}
for _, boot in ipairs(redis.call('SMEMBERS', KEYS[2])) do
  if redis.call('EXISTS', ARGV[3] .. boot) == 0 then dead[#dead + 1] = boot end
end
return dead
