// What the browser remembers for one chat server: the conversation, who the visitor is, whether the chat is open.

/** Kept over page loads where the page may store, else as long as the page. */
class Memory {
  #name; #kept = {};

  constructor(base) {
    this.#name = `communique ${base}`;
  }

  /** The id of the conversation that goes on, if any. */
  get conversation() { return this.#read(localStorageOf).conversation ?? null; }
  set conversation(id) { this.#write(localStorageOf, { conversation: id }); }

  /** Whether the chat was open, in this tab. */
  get isOpen() { return this.#read(sessionStorageOf).isOpen ?? false; }
  set isOpen(value) { this.#write(sessionStorageOf, { isOpen: value }); }

  /** A name of this browser that nobody can guess. */
  get visitor() {
    const known = this.#read(localStorageOf).visitor;
    if (known) return known;
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    const visitor = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.#write(localStorageOf, { visitor });
    return visitor;
  }

  #read(storage) {
    try {
      return { ...this.#kept, ...JSON.parse(storage().getItem(this.#name)) };
    } catch {
      return this.#kept;
    }
  }

  #write(storage, values) {
    Object.assign(this.#kept, values);
    try {
      const before = JSON.parse(storage().getItem(this.#name));
      storage().setItem(this.#name, JSON.stringify({ ...before, ...values }));
    } catch {
      // Storage is full, or forbidden to this page: then it is remembered until the page is left.
    }
  }
}

// Asking for them already fails where a page may not store.
const localStorageOf = () => localStorage;
const sessionStorageOf = () => sessionStorage;
