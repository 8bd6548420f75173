-- Removes exactly one route of a user. The boot forgets the user with his last route there.
-- KEYS: routes of the user, users of the boot.  ARGV: device, boot, connection, user.
-- Returns how many went.
local kept, gone, stays = '', 0, false
for d, b, c, e in string.gmatch(redis.call('GET', KEYS[1]) or '', '([^:;]+):([^:;]+):([^:;]+):([^:;]+);') do
  if d == ARGV[1] and b == ARGV[2] and c == ARGV[3] then
    gone = gone + 1
  else
    kept = kept .. d .. ':' .. b .. ':' .. c .. ':' .. e .. ';'
    stays = stays or b == ARGV[2]
  end
end
if gone > 0 then
  if kept == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], kept) end
end
if not stays then redis.call('SREM', KEYS[2], ARGV[4]) end
return gone
