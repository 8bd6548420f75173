import assert from 'node:assert/strict';
import test from 'node:test';
import { linksOf } from '../../../clients/web/model/links.js';

const hrefs = text => linksOf(text).filter(part => part.href).map(part => part.href);

test('the parts together are the text, character for character', () => {
  for (const text of ['', 'no address', 'https://a.test', 'a https://a.test/b?c=d#e, and (http://b.test).', '看https://a.test/。', 'http://', 'https://[', '\u202Ehttps://a.test']) {
    assert.equal(linksOf(text).map(part => part.text).join(''), text);
  }
});

test('the punctuation of the sentence is not of the address, brackets of its own are', () => {
  assert.deepEqual(hrefs('See https://a.test/b.'), ['https://a.test/b']);
  assert.deepEqual(hrefs('(see https://a.test/b)'), ['https://a.test/b']);
  assert.deepEqual(hrefs('https://a.test/b_(c)'), ['https://a.test/b_(c)']);
  assert.deepEqual(hrefs('“https://a.test/b”，https://c.test。'), ['https://a.test/b', 'https://c.test/']);
  assert.deepEqual(hrefs('https://a.test/x,y;z?'), ['https://a.test/x,y;z']);
});

test('only http and https are links', () => {
  for (const text of ['javascript:alert(1)', 'data:text/html,x', 'ftp://a.test', 'file:///etc/passwd', 'www.a.test', 'mailto:a@b.test', 'https:a.test', 'http://', 'vbscript:x']) {
    assert.deepEqual(hrefs(text), [], text);
  }
});

test('an address that hides its host behind a name is no link', () => {
  assert.deepEqual(hrefs('http://bank.test@evil.test/'), []);
  assert.deepEqual(hrefs('http://user:secret@evil.test/'), []);
});

test('markup around an address is not part of it', () => {
  assert.deepEqual(hrefs('<a href="https://a.test/">'), ['https://a.test/']);
  assert.deepEqual(hrefs('https://a.test/<script>'), ['https://a.test/']);
});

