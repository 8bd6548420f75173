let lastTime = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562). Ids made by one page sort in the order in which they were made, also within one
 * millisecond and when the clock is set back: the outbox relies on it.
 * @param {number} [now] Unix milliseconds
 * @returns {string}
 */
export function uuidv7(now = Date.now()) {
  if (now > lastTime) {
    lastTime = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastTime++;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  random[0] = (random[0] & 0x3f) | 0x80;
  const time = hex(lastTime, 12);
  const tail = Array.from(random, byte => hex(byte, 2)).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-${tail.slice(0, 4)}-${tail.slice(4)}`;
}

function hex(number, digits) {
  return number.toString(16).padStart(digits, '0');
}
