// The server's API as the widget uses it: who may, what is asked, and every error as one of the kinds of WORDS.errors.
const KINDS = {
  "busy": "busy", "unavailable": "busy", "answer-too-slow": "busy", "too-many-requests": "limit",
  "quota-used": "expired", "token-expired": "expired", "key-needed": "refused", "key-refused": "refused",
  "key-revoked": "refused", "foreign-origin": "refused", "token-origin": "refused", "scope-missing": "refused",
  "wrong-host": "refused", "invalid": "long", "too-large": "long", "conflict": "full", "not-found": "gone",
};
/** What a new token may mend. */
const RENEWABLE = ["token-expired", "quota-used", "key-needed", "key-refused", "token-origin"];
const PAUSE_SECONDS = 5;

class Problem extends Error {
  constructor(kind, name = "", seconds = PAUSE_SECONDS) {
    super(kind);
    Object.assign(this, { kind, problem: name, seconds });
  }

  /** The problem (RFC 9457) that the server or a proxy before it answers with. */
  static async of(response) {
    const told = await response.json().catch(() => ({}));
    const name = String(told.type ?? "").replace("urn:communique:problem:", "");
    const known = KINDS[name] ?? (response.status === 429 ? "limit" : response.status >= 502 ? "busy" : "failed");
    return new Problem(known, name, Math.ceil(response.headers.get("retry-after")) || PAUSE_SECONDS);
  }
}

/** The embed token of the page: the one it was made with, then those its back end or its script gives. */
class Tokens {
  #element; #visitor; #token = null; #given = null; #renewing = null;

  constructor(element, visitor) {
    this.#element = element;
    this.#visitor = visitor;
  }

  async current() {
    const given = this.#element.getAttribute("token");
    if (given !== this.#given) [this.#given, this.#token] = [given, given];
    if (!this.#token && this.#element.hasAttribute("token-url")) await this.renew();
    return this.#token;
  }

  /** Whether there is a new one; those who ask at the same time get the same. */
  renew() {
    this.#renewing ??= this.#fetch().finally(() => (this.#renewing = null));
    return this.#renewing;
  }

  async #fetch() {
    const old = this.#token;
    this.#token = (await this.#ofBackEnd()) ?? (await this.#ofPage());
    return Boolean(this.#token) && this.#token !== old;
  }

  async #ofBackEnd() {
    const place = this.#element.getAttribute("token-url");
    if (!place) return null;
    // Only the page's own server is told the visitor and gets the page's cookies.
    const url = new URL(place, location.href);
    if (url.origin !== location.origin) return null;
    const body = new URLSearchParams({ visitor: this.#visitor() });
    const response = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
    const told = response.ok ? await response.json().catch(() => null) : null;
    return typeof told?.token === "string" ? told.token : null;
  }

  /** A script of the page may listen to `communique-token` and call `event.detail.provide(token or promise)`. */
  async #ofPage() {
    let provided = null;
    const detail = { provide: (token) => (provided = token) };
    this.#element.dispatchEvent(new CustomEvent("communique-token", { detail, bubbles: true, composed: true }));
    const token = await provided;
    return typeof token === "string" ? token : null;
  }
}

class Api {
  #base; #tokens;

  constructor(base, tokens) {
    this.#base = base;
    this.#tokens = tokens;
  }

  async ask(question, conversation, signal, heard) {
    const body = JSON.stringify(conversation ? { question, conversation } : { question });
    const response = await this.#send("ask", { method: "POST", body, signal, accept: "text/event-stream" });
    const got = {};
    for await (const [name, data] of events(response.body)) {
      if (name === "text") heard(data.text);
      else if (name === "error") throw await Problem.of(new Response(JSON.stringify(data), { status: data.status }));
      else got[name] = data;
    }
    if (!got.answer) throw new Problem("broken");
    return { answer: got.answer, conversation: got.conversation.id };
  }

  async turns(conversation, cursor) {
    const query = new URLSearchParams(cursor ? { limit: 100, cursor } : { limit: 100 });
    return (await this.#send(`conversations/${conversation}?${query}`, {})).json();
  }

  async rate(answer_id, thumbs, comment = "") {
    await this.#send("feedback", { method: "POST", body: JSON.stringify({ answer_id, thumbs, comment }) });
  }

  async exported(answer, format) {
    return (await this.#send(`answers/${answer}/export?format=${format}`, {})).text();
  }

  async #send(path, { accept = "*/*", ...options }, isSecond = false) {
    const headers = { Accept: accept };
    if (options.body) headers["Content-Type"] = "application/json";
    let response;
    try {
      const token = await this.#tokens.current();
      if (token) headers.Authorization = `Bearer ${token}`;
      response = await fetch(new URL(`api/v1/${path}`, this.#base), { ...options, headers });
    } catch (error) {
      throw error.name === "AbortError" ? error : new Problem(await this.#whyNot());
    }
    if (response.ok) return response;
    const problem = await Problem.of(response);
    if (!isSecond && RENEWABLE.includes(problem.problem) && (await this.#tokens.renew().catch(() => false)))
      return this.#send(path, { accept, ...options }, true);
    throw problem;
  }

  /** To a page that may not call it, the server looks as if it were not there, but for this file. */
  async #whyNot() {
    if (!navigator.onLine) return "offline";
    const asked = fetch(new URL("widget.js", this.#base), { mode: "no-cors", cache: "no-store" });
    return asked.then(() => "refused", () => "offline");
  }
}

/** The server-sent events of a body, as name and data, to its end. */
async function* events(body) {
  // Not piped through a TextDecoderStream: Chromium now and then forgets such a pipe, and the reading never ends.
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw error.name === "AbortError" ? error : new Problem("broken");
      });
      if (done) return;
      const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
      rest = blocks.pop();
      for (const block of blocks) {
        const found = /^event: (\w+)\ndata: (.*)$/.exec(block);
        if (found) yield [found[1], JSON.parse(found[2])];
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
