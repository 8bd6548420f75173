import assert from 'node:assert/strict';
import test from 'node:test';
import { setLanguage } from '../../../clients/web/language.js';
import { memberSentence } from '../../../clients/web/model/members.js';
import { rowsOf } from '../../../clients/web/model/rows.js';
import { message } from './fakes.mjs';

const noon = new Date(2026, 2, 3, 12).getTime();
const at = (seq, minutes, more) => message('c', seq, { time: noon + minutes * 60_000, ...more });

test('days are divided and the messages of one writer stand together', () => {
  const rows = rowsOf({ messages: [at(1, 0), at(2, 0.5), at(3, 1, { from: 'me' }), at(4, 24 * 60)], pending: [], me: 'me' });
  assert.deepEqual(rows.map(row => row.kind), ['day', 'message', 'message', 'message', 'day', 'message']);
  assert.deepEqual(rows.filter(row => row.kind === 'message').map(({ first, last }) => [first, last]),
    [[true, false], [false, true], [true, true], [true, true]]);
});

test('the unread line stands before the first unread message of others', () => {
  const rows = rowsOf({ messages: [at(1, 0), at(2, 1, { from: 'me' }), at(3, 2)], pending: [], me: 'me', readSeq: 1 });
  assert.deepEqual(rows.map(row => row.kind), ['day', 'message', 'message', 'unread', 'message']);
});

test('a minute later a bubble of its own begins', () => {
  const rows = rowsOf({ messages: [at(1, 0), at(2, 1)], pending: [], me: 'me' });
  assert.deepEqual(rows.slice(1).map(({ first, last }) => [first, last]), [[true, true], [true, true]]);
});

test('there is no unread line where the unread begin before the loaded part', () => {
  const kinds = complete => rowsOf({ messages: [at(5, 0), at(6, 1)], pending: [], me: 'me', readSeq: 2, complete }).map(row => row.kind);
  assert.deepEqual(kinds(false), ['day', 'message', 'message']);
  assert.deepEqual(kinds(true), ['day', 'unread', 'message', 'message']);
});

test('a message keeps its key from being typed to being accepted, and is never there twice', () => {
  const entry = { id: 'x', to: { user: 'you' }, body: 'hi', type: 'text/plain', time: noon };
  const [, typed] = rowsOf({ messages: [], pending: [entry], me: 'me' });
  const accepted = rowsOf({ messages: [at(1, 0, { from: 'me', id: 'x' })], pending: [entry], me: 'me' }).slice(1);
  assert.deepEqual(accepted.map(row => row.key), [typed.key]);
});

test('membership changes read as sentences', () => {
  const say = (from, change) => memberSentence({ from }, { joined: [], left: [], ...change }, 'me', id => id.toUpperCase());
  assert.equal(say('a', { joined: ['a', 'b', 'me', 'c'] }), 'A added B, you, and C');
  assert.equal(say('me', { left: ['b'] }), 'You removed B');
  assert.equal(say('b', { left: ['b'] }), 'B left');
  assert.equal(say('b', { joined: ['b'] }), 'B joined');
  setLanguage('zh', []);
  assert.equal(say('a', { joined: ['a', 'me'] }), 'A 添加了你');
  assert.equal(say('me', { left: ['王Ming', 'b'] }), '你移除了王MING 和 B');
  assert.equal(say('李', { left: ['李'] }), '李退出了群组');
  setLanguage('en', []);
});
