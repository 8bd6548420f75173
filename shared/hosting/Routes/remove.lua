-- Removes the routes of a user that match; a part of '*' matches any.
-- KEYS: routes of the user.  ARGV: device, boot, connection.
-- Returns how many went.
local kept, gone = '', 0
for d, b, c, e in string.gmatch(redis.call('GET', KEYS[1]) or '', '([^:;]+):([^:;]+):([^:;]+):([^:;]+);') do
  if (ARGV[1] == '*' or d == ARGV[1]) and b == ARGV[2] and (ARGV[3] == '*' or c == ARGV[3]) then
    gone = gone + 1
  else
    kept = kept .. d .. ':' .. b .. ':' .. c .. ':' .. e .. ';'
  end
end
if gone > 0 then
  if kept == '' then redis.call('DEL', KEYS[1]) else redis.call('SET', KEYS[1], kept) end
end
return gone
