// IndexedDB of one browser as its tabs see it: as much as the page uses, and every way it can fail.

const fault = (name) => new DOMException(`${name}, as the test wants it`, name);

class Request {
  onsuccess = null;
  onerror = null;
  onupgradeneeded = null;
}

class Transaction {
  oncomplete = null;
  onabort = null;
  #requests = [];
  #undo = [];
  #over = false;

  constructor(databases, tab, stores) {
    Object.assign(this, {databases, tab, stores});
  }

  objectStore(name) {
    const items = this.stores.get(name);
    if (!items) throw fault('NotFoundError');
    const {faults} = this.databases;
    const change = (key, value) => {
      this.#undo.push([items, key, items.has(key), items.get(key)]);
      if (value === undefined) items.delete(key);
      else items.set(key, value);
    };
    return {
      get: (key) => this.#request('get', () => faults.read?.(items.get(key)) ?? items.get(key)),
      put: (value, key) => this.#request('put', () => faults.forgets || change(key, value)),
      delete: (key) => this.#request('delete', () => change(key, undefined)),
    };
  }

  /** What `faults` says of an operation: the name of an error that it throws, {later} for one it ends with, or 'never'. */
  #request(name, work) {
    const how = this.databases.faults[name];
    if (this.#over) throw fault('TransactionInactiveError');
    if (typeof how === 'string' && how !== 'never') throw fault(how);
    const request = new Request();
    this.#requests.push({request, work, how});
    return request;
  }

  /** Runs to its end: when a turn of the loop brings no further request. */
  async run() {
    await new Promise(setImmediate);
    for (let next; (next = this.#requests.shift());) {
      if (next.how === 'never') return new Promise(() => {});
      const failed = next.how?.later && fault(next.how.later);
      if (!failed) next.request.result = next.work();
      const {request} = next;
      await this.#tell(() => (failed ? request.onerror?.({target: {error: failed}}) : request.onsuccess?.({target: request})));
      if (failed) return this.#abort();
    }
    if (this.databases.faults.commit) return this.#abort();
    this.#over = true;
    await this.#tell(() => this.oncomplete?.({}));
  }

  async #abort() {
    this.#over = true;
    for (const [items, key, was, value] of this.#undo.reverse()) was ? items.set(key, value) : items.delete(key);
    await this.#tell(() => this.onabort?.({}));
  }

  /** A tab that sleeps keeps its transaction open; one that leaves does not. */
  async #tell(event) {
    let told = false;
    this.tab.deliver(() => {
      event();
      told = true;
    });
    while (!told && !this.tab.gone) await new Promise(setImmediate);
    await new Promise(setImmediate);
  }
}

export class Databases {
  /** {open, get, put, delete}: how these fail; `commit`: no transaction ends well; `forgets`: put keeps nothing; `read(value)`: a lie. */
  faults = {};
  /** The stores of the one database there is: name -> Map. */
  stores = new Map();
  #last = Promise.resolve();

  constructor(browser) {
    this.browser = browser;
  }

  seenBy(tab) {
    return {open: () => {
      const how = this.faults.open;
      if (typeof how === 'string' && how !== 'never') throw fault(how);
      const request = new Request();
      if (how === 'never') return request;
      setImmediate(() => tab.deliver(() => {
        if (how?.later) return request.onerror?.({target: {error: fault(how.later)}});
        request.result = this.#opened(tab);
        if (!this.stores.size) request.onupgradeneeded?.({});
        request.onsuccess?.({});
      }));
      return request;
    }};
  }

  #opened(tab) {
    return {
      createObjectStore: (name) => this.stores.set(name, new Map()),
      close: () => {},
      transaction: (name) => {
        if (!this.stores.has(name)) throw fault('NotFoundError');
        const transaction = new Transaction(this, tab, this.stores);
        this.#last = this.#last.then(() => transaction.run()); // one after the other
        return transaction;
      },
    };
  }

  /** What the page keeps of a proxy. */
  kept(proxy) {
    return this.stores.get('sessions')?.get(proxy);
  }

  /** As another page, or another day, has left it. */
  leave(proxy, value) {
    if (!this.stores.size) this.stores.set('sessions', new Map());
    this.stores.get('sessions').set(proxy, value);
  }
}
