// A gateway dies in mid-conversation. IM_GATEWAY_PID: the process of the first of the two gateways.
import assert from 'node:assert/strict';
import { gateways, play } from '../scenario.mjs';

await play('gateway', async scenario => {
  const anna = await scenario.user('anna', { url: gateways[0] });
  const ben = await scenario.user('ben', { url: gateways[1] });
  return {
    async 'they talk, each at a gateway of his own'() {
      await anna.startChat(ben.name);
      for (let i = 1; i <= 60; i++) await anna.write(`Line ${i}`);
      await ben.open(anna.name);
      await ben.sees(ben.message('Line 60'));
      await anna.sees(anna.marked('Line 60', /Delivered|Read/));
    },

    async 'the gateway of one is killed, and her page goes on at the other one'() {
      process.kill(Number(process.env.IM_GATEWAY_PID), 'SIGKILL');
      await anna.write('Did you hear that?');
      await ben.write('Hear what?');
      await ben.sees(ben.message('Did you hear that?'));
      await anna.sees(anna.message('Hear what?'));
      await anna.noLongerSees(anna.page.locator('#banner'));
      await anna.shoot('after');
    },

    async 'nothing is lost, doubled or out of order'() {
      // What is not accepted yet stands last, wherever its place will be.
      await anna.sees(anna.marked('Did you hear that?', /Sent|Delivered|Read/));
      await ben.sees(ben.marked('Hear what?', /Sent|Delivered|Read/));
      const [hers, his] = [await anna.texts(), await ben.texts()];
      const expected = [...Array.from({ length: 60 }, (_, i) => `Line ${i + 1}`), 'Did you hear that?'];
      for (const texts of [hers, his]) assert.deepEqual(texts.filter(text => text !== 'Hear what?').slice(-40), expected.slice(-40));
      for (const texts of [hers, his]) assert.equal(texts.filter(text => text === 'Hear what?').length, 1);
      assert.deepEqual(hers.slice(-10), his.slice(-10));
    },

    async 'what is not on the socket goes there too: history, people, new groups'() {
      await anna.page.locator('#scroller').evaluate(node => { node.scrollTop = 0; });
      await anna.sees(anna.message('Line 1'));
      await anna.startGroup(`After ${scenario.tag}`, ben.name);
      await anna.write('We are still here');
      await ben.open(`After ${scenario.tag}`);
      await ben.sees(ben.message('We are still here'));
    },
  };
});
