// A conversation of 5,000 messages: scrolling up and down without jumps, with few of them in the page.
import assert from 'node:assert/strict';
import { Robot } from '../robot.mjs';
import { gateways, play } from '../scenario.mjs';

const MANY = 5000;
const PAGE = 50;
const WINDOW = 300;

await play('history', async scenario => {
  const robot = await Robot.at(scenario.browser, gateways[0]);
  const anna = await scenario.user('anna');
  const ben = await robot.account(`ben-${scenario.tag}`, 'Ben');
  const { page } = anna;
  const scroller = page.locator('#scroller');
  const count = () => page.locator('.message').count();
  const holds = count => anna.comesTo(() => page.locator('.message').count(), count);

  return {
    async 'a long conversation opens at the newest page'() {
      await robot.send(ben, { user: anna.userId }, Array.from({ length: MANY }, (_, i) => `Line ${i + 1}`));
      await anna.sees(anna.row('Ben').getByText(`Line ${MANY}`));
      await page.reload();
      await anna.open('Ben');
      await anna.sees(anna.message(`Line ${MANY}`));
      // The page above the newest one may be fetched while that is being laid out, but no more.
      assert.ok(await count() <= 2 * PAGE, `${await count()} messages were loaded at once`);
      await anna.noLongerSees(anna.row('Ben').locator('.badge'));
    },

    async 'older messages come in above without a jump'() {
      let letThrough;
      const measured = new Promise(resolve => { letThrough = resolve; });
      await page.route(/beforeSeq/, route => measured.then(() => route.continue()));
      const first = await page.locator('.message .text').first().textContent();
      const mark = anna.message(`Line ${Number(first.replace('Line ', '')) + 5}`);
      await mark.scrollIntoViewIfNeeded();
      await anna.sees(page.locator('#older span'));
      const before = await mark.boundingBox();
      const had = await count();
      letThrough();
      await holds(now => now > had);
      const after = await mark.boundingBox();
      assert.ok(Math.abs(after.y - before.y) < 2, `the view jumped by ${after.y - before.y} px`);
      await page.unroute(/beforeSeq/);
    },

    async 'reading far back keeps the page small, and what is in view in its place'() {
      for (let pages = 0; pages < 9; pages++) {
        const first = await page.locator('.message .text').first().textContent();
        await scroller.evaluate(node => { node.scrollTop = 0; });
        await anna.comesTo(() => page.locator('.message .text').first().textContent(), now => now !== first);
        // The line that stood on top is still in view.
        assert.ok(await inView(page, first), `${first} went out of view`);
      }
      assert.ok(await count() <= WINDOW, `${await count()} messages are in the page`);
      assert.equal(await anna.message(`Line ${MANY}`).count(), 0);
      await anna.shoot('far-back');
    },

    async 'a message that comes meanwhile moves nothing and is counted'() {
      const before = await page.locator('.message .text').allTextContents();
      await robot.send(ben, { user: anna.userId }, ['News']);
      await anna.sees(page.getByRole('button', { name: '1 new message' }));
      assert.deepEqual(await page.locator('.message .text').allTextContents(), before);
    },

    async 'scrolling down brings the newer ones back'() {
      const last = await page.locator('.message .text').last().textContent();
      await scroller.evaluate(node => { node.scrollTop = node.scrollHeight; });
      await anna.comesTo(() => page.locator('.message .text').last().textContent(), now => now !== last);
      assert.ok(await inView(page, last), `${last} went out of view`);
      assert.ok(await count() <= WINDOW);
    },

    async 'one press leads to the newest, which is read then'() {
      await page.getByRole('button', { name: '1 new message' }).click();
      await anna.sees(anna.message('News'));
      await anna.noLongerSees(page.locator('#to-newest'));
      await anna.noLongerSees(anna.row('Ben').locator('.badge'));
    },

    async 'the first message of all is reached, and nothing is asked beyond it'() {
      await page.getByRole('button', { name: 'New chat' }).first().click();
      await anna.closeDialog();
      const few = await robot.account(`few-${scenario.tag}`, 'Few');
      await robot.send(few, { user: anna.userId }, Array.from({ length: 120 }, (_, i) => `Word ${i + 1}`));
      await anna.open('Few');
      await anna.sees(anna.message('Word 120'));
      while (await anna.message('Word 1').count() === 0) {
        const had = await count();
        await scroller.evaluate(node => { node.scrollTop = 0; });
        await holds(now => now > had);
      }
      assert.deepEqual(await anna.texts(), Array.from({ length: 120 }, (_, i) => `Word ${i + 1}`));
    },
  };
});

function inView(page, text) {
  return page.evaluate(wanted => {
    const pane = document.getElementById('scroller').getBoundingClientRect();
    const node = [...document.querySelectorAll('.message')].find(one => one.querySelector('.text').textContent === wanted);
    const place = node?.getBoundingClientRect();
    return Boolean(place) && place.bottom > pane.top && place.top < pane.bottom;
  }, text);
}
