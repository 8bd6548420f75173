// A whole conversation without a mouse, and choices that are remembered.
import assert from 'node:assert/strict';
import { gateways, play } from '../scenario.mjs';
import { Robot } from '../robot.mjs';

await play('keyboard', async scenario => {
  const robot = await Robot.at(scenario.browser, gateways[0]);
  const anna = await scenario.person('anna', { permissions: [] });
  const ben = await robot.account(`ben-${scenario.tag}`, 'Ben');
  const { page } = anna;
  const keys = page.keyboard;
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || document.activeElement?.tagName);
  const isFocused = locator => locator.evaluate(node => node === document.activeElement);
  const focusComesTo = wanted => anna.comesTo(focused, now => now === wanted);

  /** Presses Tab until this is focused; everything on the way has to show that it is. */
  async function tabTo(wanted, limit = 40) {
    for (let i = 0; i < limit; i++) {
      await keys.press('Tab');
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, 'none', `${await focused()} does not show its focus`);
      if (await focused() === wanted) return;
    }
    throw new Error(`${wanted} was not reached by Tab`);
  }

  return {
    async 'an account is created'() {
      await focusComesTo('login-username');
      await tabTo('login-switch');
      await keys.press('Enter');
      await page.locator('#login-username').focus();
      await keys.type(anna.name);
      await tabTo('login-password');
      await keys.type(scenario.password);
      await keys.press('Enter');
      await anna.sees(page.getByText('No conversations yet'));
      await focusComesTo('tab-chats');
      anna.userId = await page.evaluate(() => JSON.parse(sessionStorage.getItem('im.session')).userId);
    },

    async 'the arrow keys go through the tabs and the conversations, Enter opens, the text field has the focus'() {
      await robot.send(ben, { user: anna.userId }, ['Hello', 'Anna']);
      const cleo = await robot.account(`cleo-${scenario.tag}`, 'Cleo');
      await robot.send(cleo, { user: anna.userId }, ['Hello from Cleo']);
      await anna.sees(anna.row('Cleo'));
      await page.locator('#tab-chats').focus();
      await keys.press('ArrowRight');
      assert.equal(await page.locator('#tab-contacts').getAttribute('aria-selected'), 'true');
      await keys.press('ArrowLeft');
      await keys.press('Tab');
      assert.equal(await isFocused(page.getByRole('link', { name: /^Cleo .*Hello from Cleo .*1 unread message$/ })), true);
      await keys.press('ArrowDown');
      assert.equal(await isFocused(page.getByRole('link', { name: /^Ben .*Anna .*2 unread messages$/ })), true);
      await keys.press('Home');
      await keys.press('End');
      await keys.press('Enter');
      await focusComesTo('composer-text');
      await anna.sees(page.getByRole('heading', { name: 'Ben', level: 1 }));
    },

    async 'Shift and Enter make a line, Enter sends'() {
      await keys.type('One');
      await keys.press('Shift+Enter');
      await keys.type('Two');
      await keys.press('Enter');
      await anna.sees(page.locator('.own[data-mark="sent"], .own[data-mark="delivered"]'));
      assert.equal((await anna.texts()).at(-1), 'One\nTwo');
      await focusComesTo('composer-text');
    },

    async 'the first stop of the page leads past everything to the text field'() {
      await page.locator('#skip').focus();
      await keys.press('Enter');
      await focusComesTo('composer-text');
    },

    async 'a dialog takes the focus, keeps it, and gives it back'() {
      await page.locator('#open-settings').focus();
      await keys.press('Enter');
      for (let i = 0; i < 30; i++) {
        await keys.press('Tab');
        const inside = await page.evaluate(() => document.activeElement === document.body || Boolean(document.activeElement.closest('dialog')));
        assert.ok(inside, `the focus left the dialog for ${await focused()}`);
      }
      await keys.press('Escape');
      await focusComesTo('open-settings');
    },

    async 'Escape leads back to the list, to the conversation that was open'() {
      await page.locator('#composer-text').focus();
      await keys.press('Escape');
      await anna.comesTo(() => isFocused(page.getByRole('link', { name: /^Ben / })), now => now);
      await anna.sees(page.getByText('Choose a conversation'));
    },

    async 'theme, language and sound are chosen, hold at once and are remembered'() {
      await anna.settings('Page');
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await background();
      await page.getByLabel('Colours').selectOption('dark');
      assert.notEqual(await background(), light);
      assert.equal(await page.getByLabel('Play a sound for new messages').isChecked(), false);
      await page.getByLabel('Play a sound for new messages').check();
      await page.getByRole('dialog').getByLabel('Language').selectOption('zh');
      await anna.sees(page.getByRole('heading', { name: '设置' }));
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-Hans');
      await page.reload();
      await anna.sees(page.getByRole('tab', { name: '联系人' }));
      assert.notEqual(await background(), light);
      await page.getByRole('button', { name: '设置' }).click();
      await page.getByRole('tab', { name: '页面' }).click();
      assert.equal(await page.getByLabel('有新消息时播放声音').isChecked(), true);
      await page.getByRole('dialog').getByLabel('语言').selectOption('en');
      await anna.sees(page.getByRole('heading', { name: 'Settings' }));
      await anna.closeDialog();
    },

    async 'the profile opens for changes once it shows what holds'() {
      let answer;
      const mayAnswer = new Promise(resolve => { answer = resolve; });
      await page.route('**/v1/me', async route => {
        await mayAnswer;
        await route.continue();
      });
      await anna.settings('Profile');
      assert.equal(await page.getByRole('textbox', { name: 'Display name' }).isDisabled(), true);
      answer();
      await anna.comesTo(() => page.getByRole('textbox', { name: 'Display name' }).isEnabled(), enabled => enabled);
      await page.unroute('**/v1/me');
      await anna.closeDialog();
    },

    async 'the profile is changed and others see it'() {
      await anna.settings('Profile');
      await page.getByRole('textbox', { name: 'Display name' }).fill('Anna of the Keys');
      await page.getByLabel('About you').fill('No mouse in the house');
      await page.getByRole('button', { name: 'Save' }).click();
      await anna.sees(page.getByText('Saved.'));
      const seen = await robot.call(ben, 'GET', `/v1/users/${anna.userId}`);
      assert.deepEqual([seen.displayName, seen.bio], ['Anna of the Keys', 'No mouse in the house']);
      await anna.sees(page.locator('#own-name', { hasText: 'Anna of the Keys' }));
      await anna.closeDialog();
    },

    async 'the password is changed, which ends the other devices'() {
      const other = await scenario.person('other');
      other.name = anna.name;
      await other.logIn(scenario.password);
      await other.sees(other.row('Ben'));
      await anna.settings('Account');
      await anna.sees(page.getByRole('dialog').getByRole('button', { name: /^Log out / }));
      await page.getByLabel('Present password').fill('not this one');
      await page.getByLabel('New password').fill('a new horse for the battery');
      await page.getByRole('button', { name: 'Change password' }).click();
      await anna.sees(page.getByText('The present password is wrong.'));
      await page.getByLabel('Present password').fill(scenario.password);
      await page.getByRole('button', { name: 'Change password' }).click();
      await anna.sees(page.getByText('The password is changed.'));
      await other.sees(other.page.getByText('Your session has ended.'));
      await other.logIn('a new horse for the battery');
      await other.sees(other.row('Ben'));
      await anna.closeDialog();
    },

    async 'another device is ended from the list'() {
      const other = scenario.people.at(-1);
      await anna.settings('Account');
      await page.getByRole('dialog').getByRole('button', { name: /^Log out / }).click();
      await other.sees(other.page.getByText('Your session has ended.'));
      await anna.noLongerSees(page.getByRole('dialog').getByRole('button', { name: /^Log out / }));
    },
  };
});
