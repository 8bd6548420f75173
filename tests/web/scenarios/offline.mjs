// The network goes away and comes back: what waits is shown, survives a reload, and arrives once and in order.
import assert from 'node:assert/strict';
import { Line } from '../line.mjs';
import { gateways, play } from '../scenario.mjs';

await play('offline', async scenario => {
  const line = await Line.to(gateways.at(-1));
  const anna = await scenario.user('anna');
  const ben = await scenario.user('ben', { url: line.url, viewport: { width: 390, height: 760 } });
  return {
    async 'they talk'() {
      await anna.startChat(ben.name);
      await anna.write('Before the tunnel');
      await ben.open(anna.name);
      await ben.sees(ben.message('Before the tunnel'));
    },

    async 'who lost the network sees it, and so does the other'() {
      await ben.context.setOffline(true);
      line.cut();
      await ben.sees(ben.page.getByText('You are offline.'));
      await anna.sees(anna.page.locator('#open-subtitle', { hasText: /last seen|offline/ }));
    },

    async 'what is written meanwhile waits, and is counted'() {
      for (const text of ['One', 'Two', 'Three']) await anna.write(text);
      await anna.sees(anna.marked('Three', 'Sent'));
      await ben.write('From the tunnel');
      await ben.write('Still in it');
      await ben.sees(ben.page.getByText('2 messages waiting'));
      await ben.sees(ben.marked('Still in it', 'Sending'));
      await ben.shoot('waiting');
      // The list stands behind the conversation here, and in wide windows beside it.
      await ben.comesTo(() => ben.row(anna.name).locator('.row-mark[data-mark="waiting"]').count(), count => count === 1);
    },

    async 'it arrives once and in order when the network is back'() {
      line.mend();
      await ben.context.setOffline(false);
      await ben.sees(ben.message('Three'));
      await anna.sees(anna.message('Still in it'));
      await ben.noLongerSees(ben.page.locator('#banner'));
      const expected = ['Before the tunnel', 'One', 'Two', 'Three', 'From the tunnel', 'Still in it'];
      await ben.comesTo(() => ben.texts(), texts => texts.join() === expected.join());
      assert.deepEqual(await anna.texts(), expected);
    },

    async 'without an answer the page says that it is reconnecting, and how many messages wait'() {
      line.cut();
      await ben.sees(ben.page.getByText('Reconnecting…'));
      await ben.write('Into the dark');
      await ben.sees(ben.page.getByText('1 message waiting'));
      await ben.shoot('reconnecting');
    },

    async 'what waits survives a reload and is delivered once'() {
      // The page itself comes, its connection does not.
      await ben.page.routeWebSocket(/\/v1\/ws/, socket => socket.close({ code: 1001 }));
      line.mend();
      await ben.page.reload();
      await ben.sees(ben.page.getByText('1 message waiting'));
      const other = await ben.context.newPage();
      await ben.page.close();
      ben.page = other;
      await other.goto(line.url);
      await ben.logIn(scenario.password);
      await anna.sees(anna.message('Into the dark'));
      await ben.open(anna.name);
      await ben.sees(ben.message('Into the dark'));
      assert.equal(await anna.message('Into the dark').count(), 1);
      assert.equal(await ben.message('Into the dark').count(), 1);
      line.close();
      // A page that came over this line is not allowed at the gateway's own address, where it looked for another gateway.
      ben.faults = ben.faults.filter(fault => !/connect-src|Refused to connect|CORS policy/.test(fault));
    },
  };
});
