// Two people chat in two real browsers. IM_GATEWAY: base URL of a gateway, or two, comma separated: one for each of them.
// IM_SHOTS: folder for screenshots. IM_CHROMIUM: the browser. Prints a line per check; ends with 1 at the first that fails.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { Line } from './line.mjs';
import { Person } from './person.mjs';

const gateways = (process.env.IM_GATEWAY ?? 'http://127.0.0.1:8080').split(',').map(url => url.trim().replace(/\/$/, ''));
const shots = process.env.IM_SHOTS || mkdtempSync(path.join(tmpdir(), 'im-shots-'));
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const password = `correct horse ${Math.random()}`;
const tag = Date.now().toString(36);
const script = '<script>document.title = "broken"</script><img src=x onerror="document.title = 1">';

const line = await Line.to(gateways[1] ?? gateways[0]);
const browser = await chromium.launch({ executablePath: process.env.IM_CHROMIUM || '/usr/bin/chromium', args });
const anna = await Person.sitDown(browser, { name: `anna-${tag}`, url: gateways[0], shots });
const ben = await Person.sitDown(browser, { name: `ben-${tag}`, url: line.url, shots, viewport: { width: 390, height: 760 } });

const checks = {
  async 'two users register'() {
    await anna.shoot('01-login');
    await anna.register(password);
    await ben.register(password);
    await anna.sees(anna.page.getByText('No conversations yet'));
  },

  async 'a taken name and a wrong password are said'() {
    const other = await Person.sitDown(browser, { name: anna.name, url: gateways[0], shots });
    await other.logIn('not the password');
    await other.sees(other.page.getByRole('alert').filter({ hasText: 'User name or password is wrong.' }));
    await other.page.getByRole('button', { name: 'Create an account' }).click();
    await other.page.getByLabel('Password').fill(password);
    await other.page.getByRole('button', { name: 'Create account' }).click();
    await other.sees(other.page.getByRole('alert').filter({ hasText: 'This user name is taken.' }));
    await other.context.close();
  },

  async 'a name that nobody has is said'() {
    await anna.startChat(`nobody-${tag}`);
    await anna.sees(anna.page.getByText(`There is no user “nobody-${tag}”.`));
    await anna.page.keyboard.press('Escape');
  },

  async 'one finds the other and writes'() {
    await anna.startChat(ben.name);
    await anna.write('Hello Ben');
    await anna.write('Are you there?');
    await anna.sees(anna.message('Are you there?').locator('[class="sr-only"]', { hasText: /Sent|Delivered/ }));
  },

  async 'the other sees the badge of unread messages'() {
    await ben.sees(ben.row(anna.name).locator('.badge', { hasText: /^2$/ }));
    await ben.shoot('02-unread');
  },

  async 'the other reads and answers, and the badge goes'() {
    await ben.open(anna.name);
    await ben.sees(ben.message('Hello Ben'));
    await ben.write('Here I am');
    await anna.sees(anna.message('Here I am'));
    await ben.shoot('03-answer');
    await ben.page.getByRole('button', { name: 'Back' }).click();
    await ben.sees(ben.row(anna.name));
    await ben.noLongerSees(ben.row(anna.name).locator('.badge'));
  },

  async 'markup is shown as text'() {
    await anna.write(script);
    await ben.open(anna.name);
    await ben.sees(ben.message(script));
    assert.match(await ben.page.title(), /Im$/);
    assert.equal(await ben.page.locator('.message img, .message script').count(), 0);
  },

  async 'presence shows'() {
    await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'online' }));
    await ben.page.getByRole('button', { name: 'Back' }).click();
    await ben.page.getByLabel('Your status').selectOption('busy');
    await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'busy' }));
    await ben.page.getByLabel('Your status').selectOption('online');
    await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'online' }));
    await ben.open(anna.name);
  },

  async 'a reload keeps the login and the history'() {
    const before = await anna.texts();
    await anna.page.reload();
    await anna.sees(anna.message('Here I am'));
    assert.deepEqual(await anna.texts(), before);
  },

  async 'who lost the network sees it, and so does the other'() {
    await ben.context.setOffline(true);
    line.cut();
    await ben.sees(ben.page.getByText('You are offline.'));
    await anna.sees(anna.page.locator('#open-subtitle', { hasText: /last seen|offline/ }));
  },

  async 'what is written meanwhile waits, and arrives once and in order'() {
    for (const text of ['One', 'Two', 'Three']) await anna.write(text);
    await anna.sees(anna.message('Three').getByText('Sent', { exact: true }));
    await ben.write('From the tunnel');
    await ben.write('Still in it');
    await ben.sees(ben.page.getByText('2 messages waiting'));
    await ben.shoot('05-offline');
    line.mend();
    await ben.context.setOffline(false);
    await ben.sees(ben.message('Three'));
    await anna.sees(anna.message('Still in it'));
    await ben.sees(ben.message('Still in it').locator('[class="sr-only"]', { hasText: /Sent|Delivered|Read/ }));
    await ben.noLongerSees(ben.page.locator('#banner'));
    const expected = ['One', 'Two', 'Three', 'From the tunnel', 'Still in it'];
    assert.deepEqual((await ben.texts()).slice(-5), expected);
    assert.deepEqual((await anna.texts()).slice(-5), expected);
  },

  async 'a group of two: both write, the names stand over the messages'() {
    await anna.startGroup(`Boat ${tag}`, ben.name);
    await anna.write('Welcome aboard');
    await anna.sees(anna.page.locator('.member-line', { hasText: /You added ben/ }));
    await ben.page.getByRole('button', { name: 'Back' }).click();
    await ben.open(`Boat ${tag}`);
    await ben.sees(ben.message('Welcome aboard').locator('.author', { hasText: anna.name }));
    await ben.write('Thank you');
    await anna.sees(anna.message('Thank you').locator('.author', { hasText: ben.name }));
    await anna.page.getByRole('button', { name: 'Group members' }).click();
    await anna.sees(anna.page.getByRole('dialog').getByText(ben.name));
    await anna.shoot('06-members');
    await anna.page.keyboard.press('Escape');
    await anna.shoot('07-group');
    await ben.shoot('07-group-narrow');
  },

  async 'a member leaves the group'() {
    await ben.page.getByRole('button', { name: 'Group members' }).click();
    await ben.page.getByRole('button', { name: 'Leave group' }).click();
    await ben.page.getByRole('button', { name: /Leave for good/ }).click();
    await anna.sees(anna.page.locator('.member-line', { hasText: `${ben.name} left` }));
    await ben.noLongerSees(ben.row(`Boat ${tag}`));
    await ben.sees(ben.row(anna.name));
  },

  async 'older messages load above without a jump'() {
    await anna.open(ben.name);
    for (let i = 1; i <= 70; i++) await anna.write(`Line ${i}`);
    await anna.sees(anna.message('Line 70').locator('[class="sr-only"]', { hasText: /Sent|Delivered/ }));
    await anna.page.reload();
    await anna.sees(anna.message('Line 70'));
    const newest = await anna.page.evaluate(() => document.querySelectorAll('.message').length);
    assert.ok(newest <= 50, `${newest} messages were loaded at once`);
    let letThrough;
    const measured = new Promise(resolve => { letThrough = resolve; });
    await anna.page.route(/beforeSeq/, route => measured.then(() => route.continue()));
    const mark = anna.message('Line 25');
    await mark.scrollIntoViewIfNeeded();
    await anna.sees(anna.page.getByText('Loading messages…'));
    const before = await mark.boundingBox();
    letThrough();
    await anna.page.waitForFunction(count => document.querySelectorAll('.message').length > count, newest);
    const after = await mark.boundingBox();
    assert.ok(Math.abs(after.y - before.y) < 2, `the view jumped by ${after.y - before.y} px`);
    await anna.page.locator('#scroller').evaluate(node => { node.scrollTop = 0; });
    await anna.sees(anna.message('Hello Ben'));
    await anna.shoot('08-history');
  },

  async 'a second window of the login takes over, and gives it back'() {
    const [second] = await Promise.all([anna.context.waitForEvent('page'), anna.page.evaluate(() => { window.open(location.href); })]);
    await anna.sees(anna.page.getByText('Im was opened elsewhere with this login.'));
    await anna.shoot('09-replaced');
    await anna.page.getByRole('button', { name: 'Use it here' }).click();
    await anna.noLongerSees(anna.page.locator('#banner'));
    await second.getByText('Im was opened elsewhere with this login.').waitFor();
    await second.close();
    await anna.write('Back in the first window');
    await ben.sees(ben.row(anna.name).filter({ hasText: 'Back in the first window' }));
  },

  async 'logging out ends it, also for a reload'() {
    await ben.page.getByRole('button', { name: 'Log out' }).click();
    await ben.sees(ben.page.getByRole('heading', { name: 'Log in to Im' }));
    await ben.page.reload();
    await ben.sees(ben.page.getByRole('heading', { name: 'Log in to Im' }));
    await ben.logIn(password);
    await ben.sees(ben.row(anna.name).locator('.badge'));
  },

  async 'no script failed and the content security policy refused nothing'() {
    assert.deepEqual([...anna.faults, ...ben.faults], []);
  },
};

async function run() {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
      console.log(`ok   ${name}`);
    } catch (error) {
      console.log(`FAIL ${name}\n${error.message}`);
      for (const fault of [...anna.faults, ...ben.faults]) console.log(fault);
      await Promise.all([anna.shoot('failed-anna'), ben.shoot('failed-ben')]);
      return 1;
    }
  }
  return 0;
}

process.exitCode = await run();
console.log(`screenshots: ${shots}`);
await browser.close();
line.close();
