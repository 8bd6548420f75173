// Requests in and out, blocks, what each of them changes for both; marks up to "read"; typing.
import assert from 'node:assert/strict';
import { gateways, play } from '../scenario.mjs';

await play('contacts', async scenario => {
  const anna = await scenario.user('anna');
  const ben = await scenario.user('ben', { url: gateways.at(-1) });
  const dialog = anna.page.getByRole('dialog');
  return {
    async 'a request is seen by both sides, and can be taken back'() {
      await anna.addContact(ben.name);
      await anna.sees(anna.page.getByText(`Request sent to ${ben.name}.`));
      await anna.sees(anna.contact('Requests by you', ben.name));
      await ben.sees(ben.page.getByRole('img', { name: '1 contact request' }));
      await anna.page.getByRole('button', { name: `Take back the request to ${ben.name}` }).click();
      await anna.sees(anna.page.getByText('No contacts yet'));
      await ben.noLongerSees(ben.page.getByRole('img', { name: '1 contact request' }));
    },

    async 'a request is declined'() {
      await anna.addContact(ben.name);
      await ben.tab('Contacts');
      await ben.page.getByRole('button', { name: `Decline the request of ${anna.name}` }).click();
      await ben.sees(ben.page.getByText('No contacts yet'));
      await anna.sees(anna.page.getByText('No contacts yet'));
    },

    async 'a request is accepted, and both see each other with presence'() {
      await anna.addContact(ben.name);
      await ben.page.getByRole('button', { name: `Accept the request of ${anna.name}` }).click();
      await ben.sees(ben.contact('Your contacts', anna.name).getByText('online'));
      await anna.sees(anna.contact('Your contacts', ben.name).getByText('online'));
      await anna.noLongerSees(anna.page.getByText(`Request sent to ${ben.name}.`));
      await anna.shoot('contacts');
    },

    async 'asking oneself and asking nobody are said'() {
      await anna.addContact(anna.name);
      await anna.sees(anna.page.getByText('That is you.'));
      await anna.addContact('nobody-of-this-name');
      await anna.sees(anna.page.getByText('There is no user “nobody-of-this-name”.'));
    },

    async 'a contact is written to from the list, and the marks go from sent to delivered to read'() {
      await anna.contact('Your contacts', ben.name).getByRole('link').click();
      await anna.write('Do you read me?');
      await anna.sees(anna.marked('Do you read me?', 'Delivered'));
      await ben.open(anna.name);
      await anna.sees(anna.marked('Do you read me?', 'Read'));
      await anna.shoot('read');
      await anna.page.reload();
      await anna.sees(anna.marked('Do you read me?', 'Read'));
    },

    async 'while one types the other sees it, in the conversation and in the list, until the message is there'() {
      const box = ben.page.getByRole('textbox', { name: 'Message', exact: true });
      await box.pressSequentially('I do');
      // A notice may be lost on the way; the next one goes out with a key some seconds later.
      await anna.comesTo(async () => {
        await box.press('x');
        await box.press('Backspace');
        const places = [anna.page.getByRole('status').filter({ hasText: `${ben.name} is typing…` }), anna.row(ben.name).getByText('typing…')];
        return Promise.all(places.map(place => place.first().isVisible()));
      }, seen => seen.every(Boolean));
      await ben.page.keyboard.press('Enter');
      await anna.sees(anna.message('I do'));
      await anna.noLongerSees(anna.page.getByText(`${ben.name} is typing…`));
    },

    async 'typing that stops is forgotten'() {
      // A notice goes out every three seconds at most, so one may be due only after some more keys.
      await anna.comesTo(async () => {
        await ben.page.getByRole('textbox', { name: 'Message', exact: true }).press('m');
        return anna.page.getByText(`${ben.name} is typing…`).isVisible();
      }, seen => seen);
      await anna.noLongerSees(anna.page.getByText(`${ben.name} is typing…`));
      await ben.page.getByRole('textbox', { name: 'Message', exact: true }).fill('');
    },

    async 'who is blocked can neither write nor be written to, and sees the other offline'() {
      await anna.page.getByRole('button', { name: 'Details of this person' }).click();
      await dialog.getByRole('button', { name: 'Block', exact: true }).click();
      await dialog.getByRole('button', { name: 'Block? Press again' }).click();
      await anna.sees(dialog.getByText(`You blocked ${ben.name}`));
      await anna.sees(dialog.locator('.buttons .primary').getByText('Unblock', { exact: true }));
      assert.equal(await dialog.locator('.buttons .primary').count(), 1);
      await anna.closeDialog();
      await anna.sees(anna.page.getByText(`You blocked ${ben.name}.`, { exact: true }));
      assert.equal(await anna.page.getByRole('textbox', { name: 'Message', exact: true }).isVisible(), false);
      await ben.sees(ben.page.locator('#open-subtitle', { hasText: /offline|last seen/ }));
      await ben.write('Are you cross with me?');
      await ben.sees(ben.message('Are you cross with me?').getByText('Not sent. One of you has blocked the other.'));
      await ben.sees(ben.row(anna.name).locator('.row-mark').getByText('A message was not sent'));
      await ben.shoot('not-sent');
      await anna.tab('Contacts');
      await anna.sees(anna.contact('Blocked', ben.name));
      await anna.shoot('blocked');
    },

    async 'after the block is gone the message goes out, once'() {
      await anna.page.getByRole('button', { name: `Unblock ${ben.name}` }).first().click();
      await anna.sees(anna.page.getByRole('textbox', { name: 'Message', exact: true }));
      await ben.message('Are you cross with me?').getByRole('button', { name: 'Try again' }).click();
      await anna.sees(anna.message('Are you cross with me?'));
      await anna.write('Not any more');
      await ben.sees(ben.message('Not any more'));
      assert.equal(await anna.message('Are you cross with me?').count(), 1);
    },

    async 'a contact that is removed is gone for both'() {
      await anna.page.getByRole('button', { name: 'Details of this person' }).click();
      const remove = dialog.getByRole('button', { name: 'Remove from contacts' });
      const add = dialog.getByRole('button', { name: 'Add to contacts' });
      await anna.sees(remove.or(add));
      // A block may have ended the contact already.
      if (await remove.isVisible()) await remove.click();
      await anna.sees(add);
      await anna.closeDialog();
      await ben.tab('Contacts');
      await ben.sees(ben.page.getByText('No contacts yet'));
    },
  };
});
