import path from 'node:path';

/** Nothing here promises to be quick: the machine may be busy with everything else. */
const WAIT_MS = 120_000;

/** Somebody at a browser of his own: what he does on the page, and what he waits to see there. */
export class Person {
  /** Uncaught errors and refusals of the content security policy. */
  faults = [];

  constructor(name, url, context, shots) {
    Object.assign(this, { name, url, context, shots });
  }

  static async sitDown(browser, { name, url, shots, context: options }) {
    const context = await browser.newContext({ viewport: { width: 1000, height: 720 }, locale: 'en-GB', ...options });
    // Of every page in it, those too that a page opens.
    context.setDefaultTimeout(WAIT_MS);
    const person = new Person(name, url, context, shots);
    context.on('page', page => person.#watch(page));
    person.page = await context.newPage();
    await person.page.goto(url);
    return person;
  }

  async register(password) {
    const { page } = this;
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'User name' }).fill(this.name);
    await page.locator('#login').getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await this.sees(page.getByRole('button', { name: 'Settings' }));
    this.userId = await page.evaluate(() => JSON.parse(sessionStorage.getItem('im.session')).userId);
  }

  async logIn(password) {
    await this.page.getByRole('textbox', { name: 'User name' }).fill(this.name);
    await this.page.locator('#login').getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in', exact: true }).click();
  }

  async logOut() {
    await this.settings('Account');
    await this.page.locator('#log-out').click();
    await this.sees(this.page.getByRole('heading', { name: 'Log in to Im' }));
  }

  /** Opens the settings at one of their parts. */
  async settings(part) {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await this.page.getByRole('dialog').getByRole('tab', { name: part }).click();
  }

  async closeDialog() {
    await this.page.keyboard.press('Escape');
    await this.noLongerSees(this.page.getByRole('dialog'));
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
    await page.getByRole('dialog').getByLabel('Others by user name').fill(names.join(', '));
    await page.getByRole('button', { name: 'Create group' }).click();
    await this.sees(page.getByRole('heading', { name: title, level: 1 }));
  }

  async open(title) {
    await this.tab('Chats');
    await this.row(title).click();
    await this.sees(this.page.getByRole('heading', { name: title, level: 1 }));
  }

  /** Goes back to the list where the window has room for one pane only. */
  back() {
    return this.page.getByRole('button', { name: 'Back' }).click();
  }

  tab(name) {
    return this.page.getByRole('navigation').getByRole('tab', { name }).click();
  }

  async addContact(username) {
    await this.tab('Contacts');
    await this.page.getByRole('textbox', { name: 'User name to add' }).fill(username);
    await this.page.getByRole('button', { name: 'Add', exact: true }).click();
  }

  async write(text) {
    await this.page.getByRole('textbox', { name: 'Message', exact: true }).fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** The line of a conversation in the list. */
  row(title) {
    return this.page.locator('#conversations > li').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** The line of somebody in one of the lists of the contacts. */
  contact(list, name) {
    return this.page.getByRole('list', { name: list }).getByRole('listitem').filter({ hasText: name });
  }

  /** The messages with exactly this text. */
  message(text) {
    return this.page.locator('.message').filter({ has: this.page.locator('.text').getByText(text, { exact: true }) });
  }

  /** The messages with this text and mark, as a screen reader says it: Sending, Sent, Delivered, Read. */
  marked(text, mark) {
    return this.message(text).locator('.meta .sr-only').filter({ hasText: mark });
  }

  sees(locator) {
    return locator.first().waitFor({ state: 'visible', timeout: WAIT_MS });
  }

  noLongerSees(locator) {
    return locator.first().waitFor({ state: 'hidden', timeout: WAIT_MS });
  }

  /** Waits until `read` gives what `holds` of it. */
  async comesTo(read, holds) {
    const end = Date.now() + WAIT_MS;
    for (let value = await read(); !holds(value); value = await read()) {
      if (Date.now() > end) throw new Error(`still ${JSON.stringify(value)}`);
      await new Promise(resolve => setTimeout(resolve, 50));
    }
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
