import assert from 'node:assert/strict';
import test from 'node:test';
import { Backoff } from '../../../clients/web/im/backoff.js';
import { uuidv7 } from '../../../clients/web/im/ids.js';

test('an id is a UUID of version 7 that begins with its time', () => {
  const now = Date.now() + 1000;
  const id = uuidv7(now);
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replaceAll('-', '').slice(0, 12), 16), now);
});

test('ids sort in the order of their making, within a millisecond, over its end and when the clock goes back', () => {
  const now = Date.now() + 5000;
  const ids = [];
  for (let i = 0; i < 10_000; i++) ids.push(uuidv7(now));
  ids.push(uuidv7(now - 60_000));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

test('the wait doubles up to its cap and lies anywhere below it', () => {
  const longest = new Backoff({ baseMs: 500, capMs: 4000, random: () => 0.9999 });
  assert.deepEqual([1, 2, 3, 4, 5].map(() => longest.next()), [499, 999, 1999, 3999, 3999]);
  const shortest = new Backoff({ baseMs: 500, capMs: 4000, random: () => 0 });
  assert.deepEqual([1, 2, 3].map(() => shortest.next()), [0, 0, 0]);
});

test('after a reset the waits begin anew', () => {
  const backoff = new Backoff({ baseMs: 100, random: () => 0.5 });
  assert.deepEqual([backoff.next(), backoff.next()], [50, 100]);
  backoff.reset();
  assert.equal(backoff.next(), 50);
});
