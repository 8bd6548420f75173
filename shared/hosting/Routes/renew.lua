-- Renews the lease of a boot.
-- KEYS: lease of the boot, boots.  ARGV: boot, length of a lease in milliseconds.
-- Returns 1 where the lease was still held, 0 where it was gone or came from a registration since.
redis.call('SADD', KEYS[2], ARGV[1])
return redis.call('SET', KEYS[1], 'renewed', 'PX', ARGV[2], 'GET') == 'renewed' and 1 or 0
