import { mkdirSync } from 'node:fs';
import path from 'node:path';

const WAIT_MS = 15_000;

/** Somebody at a browser of his own: what he does on the page, and what he waits to see there. */
export class Person {
  /** Uncaught errors and refusals of the content security policy. */
  faults = [];

  constructor(name, url, context, shots) {
    this.name = name;
    this.url = url;
    this.context = context;
    this.shots = shots;
  }

  static async sitDown(browser, { name, url, shots, viewport = { width: 1000, height: 720 } }) {
    mkdirSync(shots, { recursive: true });
    const context = await browser.newContext({ viewport });
    const person = new Person(name, url, context, shots);
    context.on('page', page => person.#watch(page));
    person.page = await context.newPage();
    person.page.setDefaultTimeout(WAIT_MS);
    await person.page.goto(url);
    return person;
  }

  async register(password) {
    const { page } = this;
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'User name' }).fill(this.name);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await this.sees(page.getByRole('button', { name: 'Log out' }));
  }

  async logIn(password) {
    await this.page.getByRole('textbox', { name: 'User name' }).fill(this.name);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async startChat(username) {
    const { page } = this;
    await page.getByRole('navigation').getByRole('button', { name: 'New chat' }).first().click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'User name' }).fill(username);
    await page.getByRole('button', { name: 'Start chat' }).click();
  }

  async startGroup(title, ...names) {
    const { page } = this;
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByRole('dialog').getByLabel('Title').fill(title);
    await page.getByRole('dialog').getByLabel('Members').fill(names.join(', '));
    await page.getByRole('button', { name: 'Create group' }).click();
    await this.sees(page.getByRole('heading', { name: title }));
  }

  async open(title) {
    await this.row(title).click();
    await this.sees(this.page.getByRole('heading', { name: title, level: 1 }));
  }

  async write(text) {
    await this.page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The line of a conversation in the list. */
  row(title) {
    return this.page.getByRole('navigation').getByRole('listitem').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** The messages with exactly this text. */
  message(text) {
    return this.page.locator('.message').filter({ has: this.page.getByText(text, { exact: true }) });
  }

  sees(locator) {
    return locator.first().waitFor({ state: 'visible', timeout: WAIT_MS });
  }

  noLongerSees(locator) {
    return locator.first().waitFor({ state: 'hidden', timeout: WAIT_MS });
  }

  /** The texts of all messages on the screen, in their order. */
  texts() {
    return this.page.locator('.message .text').allTextContents();
  }

  shoot(name) {
    return this.page.screenshot({ path: path.join(this.shots, `${name}.png`) });
  }

  #watch(page) {
    page.on('pageerror', error => this.faults.push(`${this.name}: ${error.stack}`));
    page.on('console', message => {
      if (message.type() === 'error' && !/Failed to load resource|WebSocket connection|ERR_/.test(message.text())) {
        this.faults.push(`${this.name}: ${message.text()}`);
      }
    });
  }
}
