import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { History, PAGE } from '../../../clients/web/model/history.js';
import { Log, WINDOW } from '../../../clients/web/model/log.js';
import { message, settle } from './fakes.mjs';

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => message('c', from + i));
const ends = log => [log.first?.seq, log.last?.seq, log.messages.length];

test('history and events come in any order, each seq once', () => {
  const log = new Log();
  log.reset(range(7, 8), false);
  log.prepend(range(5, 7), true);
  log.append(message('c', 9));
  log.append(message('c', 9));
  assert.deepEqual(log.messages.map(one => one.seq), [5, 6, 7, 8, 9]);
});

test('who follows the newest loses the oldest, who reads further up loses the newest', () => {
  const log = new Log();
  log.reset(range(1, WINDOW), true);
  log.append(message('c', WINDOW + 1));
  assert.deepEqual([ends(log), log.complete, log.atEnd], [[2, WINDOW + 1, WINDOW], false, true]);
  log.following = false;
  log.append(message('c', WINDOW + 2));
  assert.deepEqual([ends(log), log.atEnd], [[2, WINDOW + 1, WINDOW], false]);
});

test('away from the end live messages have no place, so that there is no hole', () => {
  const log = new Log();
  log.reset(range(1000, 1000 + WINDOW - 1), false);
  log.prepend(range(950, 999), false);
  assert.deepEqual([ends(log), log.atEnd], [[950, 950 + WINDOW - 1, WINDOW], false]);
  log.append(message('c', 1300));
  assert.equal(log.last.seq, 950 + WINDOW - 1);
  log.extend(range(1250, 1300), true);
  assert.deepEqual([ends(log), log.atEnd], [[1001, 1300, WINDOW], true]);
});

let asked, stored, history, item;

beforeEach(() => {
  asked = [];
  stored = range(1, 500);
  const api = {
    async history(c, { afterSeq = 0, beforeSeq = Infinity, limit }) {
      asked.push({ afterSeq, beforeSeq });
      const found = stored.filter(({ seq }) => seq > afterSeq && seq < beforeSeq);
      return afterSeq > 0 ? found.slice(0, limit) : found.slice(-limit);
    },
  };
  history = new History({ api }, () => undefined);
  item = { id: 'c', lastSeq: 500 };
});

test('a conversation of any length is walked through from end to end, a window at a time', async () => {
  await history.open(item);
  assert.deepEqual(ends(item.log), [451, 500, PAGE]);
  while (!item.log.complete) await history.older(item);
  assert.deepEqual(ends(item.log), [1, WINDOW, WINDOW]);
  const seen = new Set(item.log.messages.map(({ seq }) => seq));
  while (!item.log.atEnd) {
    await history.newer(item);
    for (const { seq } of item.log.messages) seen.add(seq);
  }
  assert.deepEqual(ends(item.log), [500 - WINDOW + 1, 500, WINDOW]);
  assert.equal(seen.size, 500);
});

test('a message that comes while a page is fetched is neither lost nor twice', async () => {
  await history.open(item);
  while (!item.log.complete) await history.older(item);
  const jump = history.newest(item);
  stored.push(message('c', 501));
  item.lastSeq = 501;
  item.log.append(message('c', 501));
  await jump;
  while (!item.log.atEnd) await history.newer(item);
  assert.equal(item.log.last.seq, 501);
  assert.equal(new Set(item.log.messages.map(({ seq }) => seq)).size, item.log.messages.length);
});

test('one load at a time; a failed one is marked and can be repeated', async () => {
  let fail = true;
  const { api } = { api: { history: async () => { if (fail) throw Object.assign(new Error(), { code: 'network' }); return range(1, 3); } } };
  history = new History({ api }, () => undefined);
  const [first] = [history.open(item), history.open(item)];
  await first;
  await settle();
  assert.deepEqual([item.log.failed, item.log.loading], [true, false]);
  fail = false;
  await history.newest(item);
  assert.deepEqual([item.log.failed, ends(item.log)], [false, [1, 3, 3]]);
});

test('what could not be loaded offline is loaded when the conversation is opened again, also behind live messages', async () => {
  let offline = true;
  const api = {
    async history(c, { beforeSeq = Infinity, limit }) {
      if (offline) throw Object.assign(new Error(), { code: 'network' });
      return stored.filter(({ seq }) => seq < beforeSeq).slice(-limit);
    },
  };
  history = new History({ api }, () => undefined);
  await history.open(item);
  item.log.append(message('c', 501));
  assert.deepEqual([item.log.failed, ends(item.log)], [true, [501, 501, 1]]);
  offline = false;
  await history.open(item);
  assert.deepEqual([item.log.failed, ends(item.log)], [false, [451, 501, 51]]);
});
