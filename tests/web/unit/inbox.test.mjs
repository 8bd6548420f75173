import assert from 'node:assert/strict';
import test from 'node:test';
import { Inbox } from '../../../clients/web/im/inbox.js';
import { message } from './fakes.mjs';

const seqs = ({ ready }) => ready.map(one => one.seq);

test('the first message of a conversation sets where it stands', () => {
  const inbox = new Inbox();
  assert.deepEqual(seqs(inbox.take(message('c', 7))), [7]);
  assert.equal(inbox.held('c'), 7);
});

test('what is at or below the held seq is a repeat', () => {
  const inbox = new Inbox();
  inbox.take(message('c', 7));
  for (const seq of [7, 6, 1]) assert.deepEqual(inbox.take(message('c', seq)), { ready: [], gap: false });
});

test('a message beyond a hole is held back until the hole is filled', () => {
  const inbox = new Inbox();
  inbox.take(message('c', 1));
  assert.deepEqual(inbox.take(message('c', 4)), { ready: [], gap: true });
  assert.deepEqual(inbox.take(message('c', 5)), { ready: [], gap: true });
  const filled = inbox.fill('c', [message('c', 2), message('c', 3)]);
  assert.deepEqual(seqs(filled), [2, 3, 4, 5]);
  assert.equal(filled.gap, false);
});

test('a message that comes in the meantime fills the hole as well', () => {
  const inbox = new Inbox();
  inbox.take(message('c', 1));
  inbox.take(message('c', 3));
  assert.deepEqual(seqs(inbox.take(message('c', 2))), [2, 3]);
});

test('the history decides where it jumps: a member who was away has no right to that part', () => {
  const inbox = new Inbox();
  inbox.take(message('c', 3));
  inbox.take(message('c', 21));
  assert.deepEqual(inbox.fill('c', [message('c', 20), message('c', 21)]), { ready: [message('c', 20), message('c', 21)], gap: false });
});

test('the part that was filled only half leaves a gap', () => {
  const inbox = new Inbox();
  inbox.take(message('c', 1));
  inbox.take(message('c', 5));
  const filled = inbox.fill('c', [message('c', 2)]);
  assert.deepEqual([seqs(filled), filled.gap], [[2], true]);
});

test('what the application loaded counts only where nothing is held', () => {
  const inbox = new Inbox();
  inbox.base('c', 10);
  inbox.base('c', 99);
  assert.equal(inbox.held('c'), 10);
  assert.deepEqual(seqs(inbox.take(message('c', 11))), [11]);
});

test('conversations do not concern each other', () => {
  const inbox = new Inbox();
  inbox.take(message('a', 5));
  assert.deepEqual(seqs(inbox.take(message('b', 1))), [1]);
  assert.deepEqual(inbox.cursors(), { a: 5, b: 1 });
});

test('acks are one per conversation, also for repeats, and only once', () => {
  const inbox = new Inbox();
  for (const seq of [1, 2, 3]) inbox.take(message('a', seq));
  inbox.base('b', 8);
  inbox.take(message('b', 7));
  assert.deepEqual(inbox.acks(), [{ t: 'ack', c: 'a', seq: 3 }, { t: 'ack', c: 'b', seq: 8 }]);
  inbox.acksSent();
  assert.deepEqual(inbox.acks(), []);
});

test('hello names at most 500 conversations, those touched last', () => {
  const inbox = new Inbox();
  for (let i = 0; i < 600; i++) inbox.take(message(`c${i}`, 1));
  inbox.take(message('c0', 2));
  const cursors = inbox.cursors();
  assert.equal(Object.keys(cursors).length, 500);
  assert.equal(cursors.c0, 2);
  assert.equal(cursors.c1, undefined);
});
