import assert from 'node:assert/strict';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { Outbox } from '../../../clients/web/im/outbox.js';
import { Sender } from '../../../clients/web/im/sender.js';
import { FakeStorage } from './fakes.mjs';

const ben = { user: 'ben' };
const boat = { conversation: 'boat' };
let storage, outbox, sent, failed, sender;

beforeEach(() => {
  mock.timers.enable({ apis: ['setTimeout'] });
  storage = new FakeStorage();
  outbox = new Outbox(storage, 'me');
  sent = [];
  failed = [];
  sender = new Sender(outbox, frame => sent.push(frame), entry => failed.push(entry));
});

afterEach(() => {
  sender.stop();
  mock.timers.reset();
});

const add = (to, body) => outbox.add(to, body, 'text/plain');
const bodies = () => sent.map(frame => frame.body);

test('what is not answered outlives a reload, per user', () => {
  const one = add(ben, 'one');
  const two = add(ben, 'two');
  assert.deepEqual(new Outbox(storage, 'me').entries(), [one, two]);
  assert.deepEqual(new Outbox(storage, 'somebody else').entries(), []);
  outbox.remove(one.id);
  assert.deepEqual(new Outbox(storage, 'me').entries(), [two]);
});

test('the outbox takes 500 entries and says when it is full', () => {
  for (let i = 0; i < 500; i++) add(ben, 'text');
  assert.throws(() => add(ben, 'one more'), { code: 'outbox_full' });
});

test('nothing is sent before the connection is in step', () => {
  add(ben, 'one');
  sender.pump();
  assert.deepEqual(sent, []);
  sender.start();
  assert.deepEqual(bodies(), ['one']);
});

test('a conversation sends one message at a time, in order; others do not wait for it', () => {
  sender.start();
  const [one] = [add(ben, 'one'), add(ben, 'two'), add(boat, 'ahoy')];
  sender.pump();
  assert.deepEqual(bodies(), ['one', 'ahoy']);
  sender.accepted({ id: one.id });
  assert.deepEqual(bodies(), ['one', 'ahoy', 'two']);
});

test('a message without an answer is repeated with its id after five seconds', () => {
  const { id } = add(ben, 'one');
  sender.start();
  mock.timers.tick(4999);
  assert.equal(sent.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(sent.map(frame => frame.id), [id, id]);
});

test('a new connection repeats what is unanswered with the same id', () => {
  const { id } = add(ben, 'one');
  sender.start();
  sender.stop();
  sender.start();
  assert.deepEqual(sent.map(frame => frame.id), [id, id]);
});

test('a retryable rejection is repeated after the time that the server names, and what follows waits', () => {
  const { id } = add(ben, 'one');
  add(ben, 'two');
  sender.start();
  sender.rejected({ id, code: 'unavailable', retryable: true, retryAfterMs: 300 });
  mock.timers.tick(299);
  assert.deepEqual(bodies(), ['one']);
  mock.timers.tick(1);
  assert.deepEqual(bodies(), ['one', 'one']);
});

test('a final rejection is kept as failed, and the next message goes out', () => {
  const { id } = add(ben, 'one');
  add(ben, 'two');
  sender.start();
  sender.rejected({ id, code: 'blocked', retryable: false });
  assert.deepEqual(bodies(), ['one', 'two']);
  assert.equal(failed[0].failed, 'blocked');
  assert.equal(outbox.waiting, 1);
  assert.equal(new Outbox(storage, 'me').get(id).failed, 'blocked');
});

test('the end of the session fails no message', () => {
  const { id } = add(ben, 'one');
  sender.start();
  sender.rejected({ id, code: 'session_ended', retryable: false });
  assert.equal(outbox.get(id).failed, undefined);
});

test('trying a failed message again sends it under a new id', () => {
  const { id } = add(ben, 'one');
  sender.start();
  sender.rejected({ id, code: 'id_reuse', retryable: false });
  outbox.retry(id);
  sender.pump();
  assert.deepEqual(bodies(), ['one', 'one']);
  assert.notEqual(sent[1].id, id);
  assert.equal(outbox.entries().length, 1);
});

test('an answer that comes twice answers once', () => {
  const { id } = add(ben, 'one');
  sender.start();
  assert.equal(sender.accepted({ id }).body, 'one');
  assert.equal(sender.accepted({ id }), undefined);
});
