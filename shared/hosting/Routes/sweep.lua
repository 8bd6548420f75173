-- Removes the routes that a boot without a lease left behind, some users at a time.
-- KEYS: users of the boot, boots.  ARGV: boot, most users at once, prefix of the route keys, lease of the boot: read here and no more, where a key may be written too.
-- Returns the users whose routes went. An empty answer: nothing is left of that boot, or it renewed its lease in between.
local swept = {}
if redis.call('EXISTS', ARGV[4]) == 1 then return swept end
while #swept == 0 do
  local users = redis.call('SPOP', KEYS[1], ARGV[2])
  if #users == 0 then
    redis.call('SREM', KEYS[2], ARGV[1])
    return swept
  end
  for _, user in ipairs(users) do
    local key, kept, gone = ARGV[3] .. user, '', false
    for d, b, c, e in string.gmatch(redis.call('GET', key) or '', '([^:;]+):([^:;]+):([^:;]+):([^:;]+);') do
      if b == ARGV[1] then gone = true else kept = kept .. d .. ':' .. b .. ':' .. c .. ':' .. e .. ';' end
    end
    if gone then
      if kept == '' then redis.call('DEL', key) else redis.call('SET', key, kept) end
      swept[#swept + 1] = user
    end
  end
end
return swept
