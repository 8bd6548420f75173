-- Writes presence records, each unless it changed since it was read.
-- KEYS: users that are here, users unannounced, then a record each.
-- ARGV: memory of an offline user in milliseconds, then of each record: user, text before, text after, here, announced ('1' or '0').
-- Returns 1 or 0 for each record.
local done = {}
for i = 3, #KEYS do
  local at = (i - 3) * 5 + 1
  local user = ARGV[at + 1]
  if (redis.call('GET', KEYS[i]) or '') ~= ARGV[at + 2] then
    done[#done + 1] = 0
  else
    if ARGV[at + 4] == '1' then
      redis.call('SET', KEYS[i], ARGV[at + 3])
    else
      redis.call('SET', KEYS[i], ARGV[at + 3], 'PX', ARGV[1])
    end
    redis.call(ARGV[at + 4] == '1' and 'SADD' or 'SREM', KEYS[1], user)
    redis.call(ARGV[at + 5] == '1' and 'SREM' or 'SADD', KEYS[2], user)
    done[#done + 1] = 1
  end
end
return done
