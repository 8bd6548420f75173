-- Registers a route unless a newer one of the device is there.
-- KEYS: routes of the user, users of the boot, boots, lease of the boot.
-- ARGV: device, boot, connection, epoch, user, length of a lease in milliseconds.
-- Returns '!' where a newer one is there, else the replaced route, else ''.
-- A boot that registers lives: where it has no lease it gets one, or a sweep would take the route until the first renewal. It is not the one that
-- renewals tell of, for other routes of the boot may have gone with that.
local kept, replaced = '', ''
for d, b, c, e in string.gmatch(redis.call('GET', KEYS[1]) or '', '([^:;]+):([^:;]+):([^:;]+):([^:;]+);') do
  if d ~= ARGV[1] then
    kept = kept .. d .. ':' .. b .. ':' .. c .. ':' .. e .. ';'
  else
    if tonumber(e) > tonumber(ARGV[4]) then return '!' end
    if b ~= ARGV[2] or c ~= ARGV[3] then replaced = d .. ':' .. b .. ':' .. c .. ':' .. e .. ';' end
  end
end
redis.call('SET', KEYS[1], kept .. ARGV[1] .. ':' .. ARGV[2] .. ':' .. ARGV[3] .. ':' .. ARGV[4] .. ';')
redis.call('SADD', KEYS[2], ARGV[5])
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('SET', KEYS[4], 'registered', 'PX', ARGV[6], 'NX')
return replaced
