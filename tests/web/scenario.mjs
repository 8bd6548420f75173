import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { Person } from './person.mjs';

// Real browsers against a running system. IM_GATEWAY: base URL of a gateway, or two, comma separated. IM_SHOTS: folder for
// screenshots. IM_CHROMIUM: the browser.
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const root = fileURLToPath(new URL('../..', import.meta.url));

export const gateways = (process.env.IM_GATEWAY ?? 'http://127.0.0.1:8080').split(',').map(url => url.trim().replace(/\/$/, ''));

/** What belongs to one run: a browser, the people at it, a mark that makes their names theirs alone. */
export class Scenario {
  tag = Date.now().toString(36);
  password = `correct horse ${Math.random()}`;
  people = [];

  constructor(name, browser) {
    this.browser = browser;
    this.shots = path.join(process.env.IM_SHOTS || path.join(root, '.im', 'test-artifacts', 'browser'), name);
    mkdirSync(this.shots, { recursive: true });
  }

  /** Somebody sits down at a browser of his own. @param {object} [options] `url`: his gateway; the rest is for the browser's context */
  async person(name, { url = gateways[0], ...context } = {}) {
    const person = await Person.sitDown(this.browser, { name: `${name}-${this.tag}`, url, shots: this.shots, context });
    this.people.push(person);
    return person;
  }

  /** The same with an account of his own, logged in. */
  async user(name, options) {
    const person = await this.person(name, options);
    await person.register(this.password);
    return person;
  }
}

/**
 * Runs the checks in their order and prints a line for each. At the first that fails every screen is kept and the process
 * ends with 1; so it does when a script on the page failed or the content security policy refused something.
 * @param {(scenario: Scenario) => Promise<Record<string, () => Promise<void>>>} begin
 */
export async function play(name, begin) {
  const browser = await chromium.launch({ executablePath: process.env.IM_CHROMIUM || '/usr/bin/chromium', args });
  const scenario = new Scenario(name, browser);
  let check = 'everybody sits down';
  try {
    const checks = await begin(scenario);
    for (const [sentence, run] of Object.entries(checks)) {
      check = sentence;
      await run();
      console.log(`ok   ${check}`);
    }
    check = 'no script failed and the content security policy refused nothing';
    const faults = scenario.people.flatMap(person => person.faults);
    if (faults.length > 0) throw new Error(faults.join('\n'));
    console.log(`ok   ${check}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`FAIL ${check}\n${error.stack}`);
    for (const person of scenario.people) {
      for (const fault of person.faults) console.log(fault);
      await person.shoot(`failed-${person.name.split('-')[0]}`).catch(problem => console.log(problem.message));
    }
  } finally {
    console.log(`screenshots: ${scenario.shots}`);
    await browser.close();
  }
}
