// Every view, in both languages, both themes, narrow and wide: what axe finds, words in the wrong language, and a picture.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Robot } from '../robot.mjs';
import { gateways, play } from '../scenario.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = { 360: 640, 768: 900, 1600: 900 };
const LANGUAGES = { en: 'en-GB', zh: 'zh-CN' };
// Names of things and people, addresses, markup that somebody wrote, and languages by their own names.
const FOREIGN_ALLOWED = /<[^>]*>|\b(Im|English|Chrome|Chromium|HeadlessChrome|Linux|AM|PM)\b|https?:\/\/\S+|@?[a-z0-9]+-[a-z0-9]+|\. _ -/g;

await play('views', async scenario => {
  const robot = await Robot.at(scenario.browser, gateways[0]);
  const checks = {};
  for (const [language, locale] of Object.entries(LANGUAGES)) {
    checks[`every view in ${language} is accessible and speaks its language`] = () => tour(scenario, robot, language, locale);
  }
  return checks;
});

async function tour(scenario, robot, language, locale) {
  const me = await robot.account(`me-${language}${scenario.tag}`, '王小明');
  const person = await scenario.person(me.username, { locale });
  person.name = me.username;
  const { page } = person;
  const look = name => inspect(person, `${language}-${name}`, language);
  const press = async id => page.locator(`#${id}`).click();
  const closeDialog = () => page.keyboard.press('Escape');

  await look('01-login');
  await press('login-switch');
  await look('02-create-account');
  await press('login-switch');
  await page.locator('#login-username').fill(me.username);
  await page.locator('#login-password').fill('correct horse battery');
  await press('login-submit');
  await person.sees(page.locator('#conversations-empty'));
  await look('03-no-conversations');
  await press('tab-contacts');
  await person.sees(page.locator('#contacts-empty'));
  await look('04-no-contacts');
  await press('tab-chats');

  const { group, friend } = await furnish(scenario, robot, me, language);
  // Blocks of the user's other devices are learnt with the next connection.
  await page.reload();
  await person.sees(page.locator('#conversations .row').nth(3));
  await look('05-conversations');
  await press('tab-contacts');
  await person.sees(page.locator('#contacts-blocked'));
  await look('06-contacts');
  await page.locator('.contact-row .icon-button').first().click();
  await look('07-person');
  await closeDialog();
  await press('tab-chats');
  await press('new-chat');
  await look('08-new-chat');
  await closeDialog();
  await press('new-group');
  await look('09-new-group');
  await closeDialog();
  await press('open-settings');
  await look('10-settings-profile');
  await press('tab-page');
  await look('11-settings-page');
  await press('tab-account');
  await person.sees(page.locator('#settings-account li'));
  await look('12-settings-account');
  await closeDialog();

  await page.locator(`#conversations .row[href*="${group}"]`).click();
  await person.sees(page.locator('.message').first());
  await look('13-group');
  await press('open-members');
  await look('14-members');
  await closeDialog();
  await page.evaluate(user => { location.hash = `#/u/${user}`; }, friend.userId);
  await person.sees(page.locator('.message .text a'));
  await page.locator('#composer-text').fill('这是一条比较长的消息，看看它在窄窗口里怎样换行。');
  await page.keyboard.press('Enter');
  await person.sees(page.locator('.own[data-mark="sent"], .own[data-mark="delivered"], .own[data-mark="read"]'));
  await look('15-conversation');
  await person.context.setOffline(true);
  await page.locator('#composer-text').fill('离线时写的');
  await person.sees(page.locator('#banner'));
  await look('16-offline');
  await person.context.close();
  scenario.people.splice(scenario.people.indexOf(person), 1);
}

/** Contacts of every kind, conversations, a group, a link. */
async function furnish(scenario, robot, me, language) {
  const names = ['李雷', '韩梅梅', '张伟', '陈静', '赵敏'];
  const others = [];
  for (const [index, name] of names.entries()) others.push(await robot.account(`p${index}-${language}${scenario.tag}`, name));
  const [friend, second, asking, asked, blocked] = others;
  for (const user of [friend, second]) {
    await robot.call(me, 'POST', '/v1/contacts', { userId: user.userId });
    await robot.call(user, 'PUT', `/v1/contacts/${me.userId}`, { state: 'accepted' });
  }
  await robot.call(asking, 'POST', '/v1/contacts', { userId: me.userId });
  await robot.call(me, 'POST', '/v1/contacts', { userId: asked.userId });
  const words = ['你好！', '你看过这个吗？ https://example.org/文章 很有意思。', '<b onclick="alert(1)">不是粗体</b>'];
  await robot.send(friend, { user: me.userId }, words);
  await robot.send(second, { user: me.userId }, ['周末去爬山吗？']);
  await robot.send(blocked, { user: me.userId }, ['在吗？']);
  await robot.call(me, 'PUT', `/v1/blocks/${blocked.userId}`);
  const { conversationId: group } = await robot.call(friend, 'POST', '/v1/conversations',
    { kind: 'group', title: '登山小队', members: [me.userId, second.userId] });
  await robot.send(friend, { conversation: group }, ['大家早上好', '今天的路线我发在这里']);
  await robot.send(second, { conversation: group }, ['收到']);
  return { group, friend };
}

async function inspect(person, name, language) {
  const { page } = person;
  for (const [width, height] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: Number(width), height });
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const where = `${name}-${width}-${colorScheme}`;
      await person.shoot(where);
      await reachable(page, where);
      if (width !== '768') await audit(page, where);
    }
  }
  if (language === 'zh') assert.deepEqual(await foreignWords(page), [], `${name}: words that are not Chinese`);
}

async function audit(page, where) {
  // Evaluated by the driver, which the page's content security policy does not concern.
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const places = nodes => nodes.map(node => `${node.target} ${node.any[0]?.message ?? ''}`).join('; ');
  const found = violations.map(({ id, impact, nodes }) => `${where}: ${impact} ${id}: ${places(nodes)}`);
  assert.deepEqual(found.filter(text => / (serious|critical|moderate) /.test(text)), []);
}

/** Nothing may be cut off at the side: everything is reached by scrolling down alone. */
async function reachable(page, where) {
  const [scroll, client] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(scroll <= client, `${where}: wider than the window by ${scroll - client} px`);
}

/** Words in Latin letters that are shown or said. */
async function foreignWords(page) {
  const texts = await page.evaluate(() => {
    const shown = node => node.checkVisibility({ visibilityProperty: true });
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      const { parentElement, data } = walker.currentNode;
      if (shown(parentElement) && !parentElement.closest('script, noscript')) found.push(data);
    }
    for (const node of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      if (shown(node)) found.push(node.ariaLabel ?? '', node.title, node.placeholder ?? '');
    }
    return found;
  });
  return texts.filter(text => /[A-Za-z]{2}/.test(text.replaceAll(FOREIGN_ALLOWED, '')));
}
