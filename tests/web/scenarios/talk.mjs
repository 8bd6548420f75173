// Two people find each other, write, read and answer; a group with them.
import assert from 'node:assert/strict';
import { gateways, play } from '../scenario.mjs';

await play('talk', async scenario => {
  const anna = await scenario.person('anna');
  const ben = await scenario.person('ben', { url: gateways.at(-1), viewport: { width: 390, height: 760 } });
  const { tag, password } = scenario;
  return {
    async 'two users register'() {
      await anna.register(password);
      await ben.register(password);
      await anna.sees(anna.page.getByText('No conversations yet'));
    },

    async 'a taken name and a wrong password are said'() {
      const other = await scenario.person('other');
      other.name = anna.name;
      await other.logIn('not the password');
      await other.sees(other.page.getByRole('alert').filter({ hasText: 'User name or password is wrong.' }));
      await other.page.getByRole('button', { name: 'Create an account' }).click();
      await other.page.locator('#login').getByLabel('Password').fill(password);
      await other.page.getByRole('button', { name: 'Create account' }).click();
      await other.sees(other.page.getByRole('alert').filter({ hasText: 'This user name is taken.' }));
      await other.sees(other.page.locator('#login-username[aria-invalid="true"]:focus'));
      await other.page.getByRole('textbox', { name: 'User name' }).fill(`new-${tag}`);
      await other.page.locator('#login').getByLabel('Password').fill('short');
      await other.page.getByRole('button', { name: 'Create account' }).click();
      await other.sees(other.page.getByRole('alert').filter({ hasText: 'This password is too short or too easy.' }));
      await other.sees(other.page.locator('#login-password[aria-invalid="true"][aria-describedby~="login-problem"]:focus'));
      assert.equal(await other.page.locator('#login-username[aria-invalid]').count(), 0);
      await other.context.close();
      scenario.people.pop();
    },

    async 'a name that nobody has is said'() {
      await anna.startChat(`nobody-${tag}`);
      await anna.sees(anna.page.getByText(`There is no user “nobody-${tag}”.`));
      await anna.closeDialog();
    },

    async 'one finds the other and writes'() {
      await anna.startChat(ben.name);
      await anna.write('Hello Ben');
      await anna.write('Are you there?');
      await anna.sees(anna.marked('Are you there?', /Sent|Delivered/));
    },

    async 'the other sees the badge, on the conversation, on the tab and in the title'() {
      await ben.sees(ben.row(anna.name).getByText('2', { exact: true }));
      await ben.sees(ben.page.getByRole('img', { name: '2 unread messages' }));
      await ben.page.waitForFunction(() => document.title === '(2) Im');
      await ben.shoot('unread');
    },

    async 'the other reads from the line of new messages on and answers, and the badge goes'() {
      await ben.open(anna.name);
      await ben.sees(ben.page.getByText('New messages', { exact: true }));
      await ben.sees(ben.page.locator('.line', { hasText: 'Today' }));
      await ben.sees(ben.message('Hello Ben'));
      await ben.write('Here I am');
      await anna.sees(anna.message('Here I am'));
      await ben.back();
      await ben.sees(ben.row(anna.name));
      await ben.noLongerSees(ben.row(anna.name).locator('.badge'));
      await ben.page.waitForFunction(() => document.title === 'Im');
    },

    async 'presence and status show'() {
      await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'online' }));
      await ben.page.getByLabel('Your status').selectOption('busy');
      await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'busy' }));
      await ben.page.reload();
      await ben.sees(ben.row(anna.name));
      await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'busy' }));
      await ben.page.getByLabel('Your status').selectOption('online');
      await anna.sees(anna.page.locator('#open-subtitle', { hasText: 'online' }));
    },

    async 'a reload keeps the login and the history'() {
      const before = await anna.texts();
      await anna.page.reload();
      await anna.sees(anna.message('Here I am'));
      assert.deepEqual(await anna.texts(), before);
    },

    async 'what was begun is kept with its conversation, over a reload too'() {
      await anna.page.getByRole('textbox', { name: 'Message', exact: true }).fill('Not finished');
      await anna.startChat(anna.name);
      await anna.sees(anna.page.getByRole('heading', { name: 'Notes to yourself', level: 1 }));
      await anna.sees(anna.row(ben.name).getByText('Draft: Not finished'));
      await anna.page.reload();
      await anna.open(ben.name);
      assert.equal(await anna.page.getByRole('textbox', { name: 'Message', exact: true }).inputValue(), 'Not finished');
      await anna.page.getByRole('textbox', { name: 'Message', exact: true }).fill('');
    },

    async 'a group of two: both write, the names stand over the messages'() {
      await anna.startGroup(`Boat ${tag}`, ben.name);
      await anna.write('Welcome aboard');
      await anna.sees(anna.page.locator('.member-line', { hasText: `You added ${ben.name}` }));
      await ben.open(`Boat ${tag}`);
      await ben.sees(ben.message('Welcome aboard').locator('.author', { hasText: anna.name }));
      await ben.write('Thank you');
      await anna.sees(anna.message('Thank you').locator('.author', { hasText: ben.name }));
    },

    async 'the owner renames the group, adds somebody and removes him again'() {
      const cleo = await scenario.user('cleo');
      const dialog = anna.page.getByRole('dialog');
      await anna.page.getByRole('button', { name: 'Group members' }).click();
      await dialog.getByLabel('Title of the group').fill(`Ship ${tag}`);
      await dialog.getByRole('button', { name: 'Rename' }).click();
      await ben.sees(ben.page.getByRole('heading', { name: `Ship ${tag}`, level: 1 }));
      await dialog.getByLabel('User name to add').fill(cleo.name);
      await dialog.getByRole('button', { name: 'Add', exact: true }).click();
      await anna.sees(dialog.getByText('3 members'));
      await cleo.open(`Ship ${tag}`);
      await anna.shoot('members');
      await dialog.getByRole('button', { name: `Remove ${cleo.name}`, exact: true }).click();
      await dialog.getByRole('button', { name: `Remove ${cleo.name}? Press again` }).click();
      await anna.sees(dialog.getByText('2 members'));
      await cleo.noLongerSees(cleo.row(`Ship ${tag}`));
      await cleo.sees(cleo.page.getByText(`You are no longer in “Ship ${tag}”`));
      await cleo.shoot('removed');
      await anna.closeDialog();
      await anna.sees(anna.page.locator('.member-line', { hasText: `You removed ${cleo.name}` }));
    },

    async 'a member cannot change the group, and leaves'() {
      await ben.page.getByRole('button', { name: 'Group members' }).click();
      assert.equal(await ben.page.getByRole('dialog').getByLabel('User name to add').isVisible(), false);
      await ben.sees(ben.page.getByRole('dialog').getByText('Owner'));
      await ben.page.getByRole('button', { name: 'Leave group' }).click();
      await ben.page.getByRole('button', { name: /Leave for good/ }).click();
      await anna.sees(anna.page.locator('.member-line', { hasText: `${ben.name} left` }));
      await ben.noLongerSees(ben.row(`Ship ${tag}`));
      await ben.sees(ben.row(anna.name));
    },

    async 'a second window of the login takes over, and gives it back'() {
      await anna.open(ben.name);
      const [second] = await Promise.all([anna.context.waitForEvent('page'), anna.page.evaluate(() => { window.open(location.href); })]);
      await anna.sees(anna.page.getByText('Im was opened elsewhere with this login.'));
      await anna.page.getByRole('button', { name: 'Use it here' }).click();
      await anna.noLongerSees(anna.page.locator('#banner'));
      await second.getByText('Im was opened elsewhere with this login.').waitFor();
      await second.close();
      await anna.write('Back in the first window');
      await ben.sees(ben.row(anna.name).filter({ hasText: 'Back in the first window' }));
    },

    async 'who logs in again in another window is told in the first one why it ended, and finds his name there'() {
      const second = await anna.context.newPage();
      const first = anna.page;
      anna.page = second;
      await second.goto(anna.url);
      await anna.logIn(password);
      await anna.sees(anna.row(ben.name));
      await anna.sees(first.getByText('You logged in again in another window of this browser'));
      assert.equal(await first.locator('#login-username').inputValue(), anna.name);
      await anna.sees(first.locator('#login-password:focus'));
      await first.close();
    },

    async 'logging out ends it, also for a reload'() {
      await ben.logOut();
      await ben.page.reload();
      await ben.sees(ben.page.getByRole('heading', { name: 'Log in to Im' }));
      await ben.logIn(password);
      await ben.sees(ben.row(anna.name).locator('.badge'));
    },
  };
});
