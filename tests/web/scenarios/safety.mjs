// What people write is text, whatever it looks like; only http and https become links.
import assert from 'node:assert/strict';
import { gateways, play } from '../scenario.mjs';
import { Robot } from '../robot.mjs';

const VECTORS = [
  '<script>document.title = "broken"</script>', '<img src=x onerror="document.title=\'broken\'">', '<svg onload="document.title=1">',
  '"><iframe src="javascript:document.title=1"></iframe>', 'javascript:alert(1)', 'data:text/html,<script>alert(1)</script>',
  '<a href="javascript:alert(1)">click</a>', 'http://user:secret@example.org/', '&lt;b&gt;not bold&lt;/b&gt;', '{{constructor.constructor("alert(1)")()}}',
  '<style>body{display:none}</style>', '\u202Egnp.exe', '<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></math>',
];
const LINKS = {
  'See https://example.org/a_(b).': 'https://example.org/a_(b)',
  'HTTP://EXAMPLE.ORG/x?y="><script>alert(1)</script>': 'http://example.org/x?y=',
  '（http://例子.测试/路径）': 'http://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF%E5%BE%84',
};

await play('safety', async scenario => {
  const robot = await Robot.at(scenario.browser, gateways[0]);
  const anna = await scenario.user('anna');
  const evil = '<img src=x onerror=alert(1)>';
  const ben = await robot.account(`ben-${scenario.tag}`, evil);
  return {
    async 'every vector is shown as the text that it is, in messages, names, titles and the list'() {
      const texts = [...VECTORS, ...Object.keys(LINKS)];
      await robot.send(ben, { user: anna.userId }, texts);
      await robot.call(ben, 'POST', '/v1/conversations', { kind: 'group', title: evil, members: [anna.userId] });
      await anna.sees(anna.row(evil).nth(1));
      await anna.row(evil).filter({ hasText: texts.at(-1) }).click();
      await anna.sees(anna.message(VECTORS[0]));
      assert.deepEqual(await anna.texts(), texts);
      assert.equal(await anna.page.locator('.messages :is(img, script, iframe, style, math, [onload], [onerror])').count(), 0);
      assert.match(await anna.page.title(), /Im$/);
      await anna.shoot('vectors');
    },

    async 'only http and https are links, to where they seem to lead, and give nothing away'() {
      const links = await anna.page.locator('.text a').evaluateAll(nodes => nodes.map(({ href, rel, target }) => ({ href, rel, target })));
      assert.deepEqual(links, Object.values(LINKS).map(href => ({ href, rel: 'noopener noreferrer', target: '_blank' })));
    },

    async 'the policy refuses scripts that are not of the page'() {
      const refused = anna.page.waitForEvent('console', message => /Content Security Policy/.test(message.text()));
      await anna.page.evaluate(() => {
        const script = document.createElement('script');
        script.textContent = 'document.title = "broken"';
        document.body.append(script);
      });
      await refused;
      assert.notEqual(await anna.page.title(), 'broken');
      // This refusal was wanted.
      anna.faults.length = 0;
    },
  };
});
