// The element `<communique-chat>`: a floating button with its panel, or the panel in its place in the page.
const QUESTION_CHARACTERS = 4000;
const COPIES = ["wikitext", "dokuwiki"];
/** Free space above the turn that is scrolled to. */
const ABOVE_PIXELS = 12;
/** When the panel covers the whole page, as on a phone; the style sheet says the same. */
const COVERS = matchMedia("(max-width: 30rem), (max-height: 26rem)");
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
/** Questions to begin with, at most. */
const STARTERS = 4;
const SHEET = new CSSStyleSheet();
SHEET.replaceSync(STYLE);

class CommuniqueChat extends HTMLElement {
  #memory; #api; #surroundings; #words; #parts; #root; #asking = null; #isFilled = false;

  connectedCallback() {
    if (this.#root) return;
    // Inside of an element that the page stacks lower than others, these would stand on it.
    if (this.#isFloating && this.parentElement !== document.body) return document.body.append(this);
    const base = new URL(this.getAttribute("server") ?? BASE, location.href);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.#memory = new Memory(base.href);
    this.#api = new Api(base, new Tokens(this, () => this.#memory.visitor));
    const locale = this.lang || this.closest("[lang]")?.lang || navigator.language;
    this.#surroundings = new Surroundings(languageOf(locale), base);
    this.#words = this.#surroundings.words;
    this.#root = this.attachShadow({ mode: "open" });
    this.#root.adoptedStyleSheets = [SHEET];
    this.#draw();
    this.#setTheme();
    if (!this.#isFloating) this.#fill();
    else if (this.#memory.isOpen && !COVERS.matches) this.open({ quietly: true });
  }

  /** Show the panel of a floating chat. */
  open({ quietly = false } = {}) {
    if (!this.#isFloating || !this.#parts.panel.hidden) return;
    this.#setTheme();
    this.#setOpen(true);
    this.#fill();
    if (!quietly) this.#parts.field.focus();
  }

  /** Hide it again; an answer that is being written goes on. */
  close() {
    if (!this.#isFloating) return;
    this.#setOpen(false);
    this.#parts.button.focus();
  }

  /** Forget the conversation and begin another. */
  begin() {
    this.#asking?.abort();
    this.#memory.conversation = null;
    this.#parts.log.replaceChildren(this.#drawWelcome());
    this.#say(this.#words.begun);
    this.#parts.field.focus();
  }

  /** Ask a question, as if it had been typed. */
  async ask(question) {
    if (this.#asking || !question.trim()) return;
    const { log } = this.#parts;
    const asking = new AbortController();
    const written = make("div", { class: "text", "aria-hidden": "true" });
    const waiting = make("div", { class: "answer waiting" },
      make("p", { class: "dots" }, this.#words.reading, make("i"), make("i"), make("i")), written);
    const turn = make("section", { class: "turn" }, drawQuestion(question, this.#surroundings), waiting);
    log.querySelector(".welcome")?.remove();
    log.append(turn);
    this.#showTurn(turn, CALM.matches ? "instant" : "smooth");
    this.#setAsking(asking);
    this.#say(this.#words.reading);
    let text = "";
    const hear = (piece) => {
      text += piece;
      waiting.classList.add("writing");
      written.replaceChildren(...drawText(text, [], this.#surroundings));
    };
    try {
      const { answer, conversation } = await this.#answered(question, asking.signal, hear);
      if (asking.signal.aborted) return;
      this.#memory.conversation = conversation;
      waiting.replaceWith(this.#drawAnswer(question, answer));
      const sources = answer.citations.length ? ` ${this.#words.sources}: ${answer.citations.length}` : "";
      this.#say(`${this.#words.answered}: ${answer.answer}${sources}`);
    } catch (problem) {
      if (log.contains(waiting)) waiting.replaceWith(this.#drawProblem(problem, turn, question));
    } finally {
      if (this.#asking === asking) this.#setAsking(null);
    }
  }

  get #isFloating() { return this.getAttribute("mode") !== "inline"; }

  /** A conversation that is gone, or that a new visitor does not own, is begun anew. */
  async #answered(question, signal, hear) {
    const conversation = this.#memory.conversation;
    try {
      return await this.#api.ask(question, conversation, signal, hear);
    } catch (problem) {
      if (problem.kind !== "gone" || !conversation) throw problem;
      this.#memory.conversation = null;
      return this.#api.ask(question, null, signal, hear);
    }
  }

  /** Draw the conversation that goes on, once. Where it cannot be read, the next question tells why. */
  #fill() {
    const conversation = this.#memory.conversation;
    if (this.#isFilled || !conversation) return;
    this.#isFilled = true;
    this.#drawConversation(conversation).catch(() => {});
  }

  /** The questions that the page offers to begin with. */
  #drawStarters() {
    const offered = (this.getAttribute("questions") ?? "").split("|").map((each) => each.trim()).filter(Boolean);
    if (!offered.length) return null;
    const buttons = offered.slice(0, STARTERS).map((question) =>
      make("li", {}, make("button", { type: "button", class: "plain", click: () => this.#askAndWait(question) }, question)));
    return make("div", { class: "starters" }, make("h3", {}, this.#words.examples), make("ul", {}, ...buttons));
  }

  #askAndWait(question) {
    this.#parts.field.focus();
    this.ask(question);
  }

  async #drawConversation(conversation) {
    const turns = [];
    let cursor = null;
    do {
      const page = await this.#api.turns(conversation, cursor);
      turns.push(...page.turns);
      cursor = page.next;
    } while (cursor);
    if (!turns.length || this.#asking || this.#memory.conversation !== conversation) return;
    const drawn = turns.map(({ question, answer }) =>
      make("section", { class: "turn" }, drawQuestion(question, this.#surroundings), this.#drawAnswer(question, answer)));
    this.#parts.log.replaceChildren(...drawn);
    this.#showTurn(drawn.at(-1), "instant");
  }

  /** Scroll the turn to the top of the conversation, without moving the page. */
  #showTurn(turn, behavior) {
    this.#parts.log.scrollTo({ top: turn.offsetTop - ABOVE_PIXELS, behavior });
  }

  #drawAnswer(question, answer) {
    const copies = COPIES.find((each) => each === this.getAttribute("copy"));
    const tools = { api: this.#api, copies, say: (text) => this.#say(text) };
    return drawAnswer(question, answer, this.#surroundings, drawActions(question, answer, this.#surroundings, tools));
  }

  #drawProblem(problem, turn, question) {
    const isStopped = problem.name === "AbortError";
    const phrase = isStopped ? this.#words.stopped : (this.#words.errors[problem.kind] ?? this.#words.errors.failed);
    const told = filled(phrase, { seconds: problem.seconds });
    this.#say(told);
    const again = () => {
      if (this.#asking) return;
      turn.remove();
      this.#askAndWait(question);
    };
    return make("div", { class: isStopped ? "problem stopped" : "problem" },
      make("p", {}, told),
      make("button", { type: "button", class: "plain", click: again }, this.#words.again));
  }

  #drawWelcome() {
    return make("div", { class: "welcome" }, sign(),
      make("p", { class: "greeting" }, this.#words.greeting),
      make("p", {}, this.#words.invitation),
      this.#drawStarters());
  }

  #draw() {
    const words = this.#words;
    const title = this.getAttribute("title-text") || words.title;
    const floats = this.#isFloating;
    const tool = (name, drawn, click) =>
      make("button", { type: "button", class: "tool", "aria-label": name, title: name, click }, icon(drawn));
    const field = make("textarea", {
      id: "field", rows: 1, maxlength: QUESTION_CHARACTERS, placeholder: words.ask, "aria-label": words.label, dir: "auto",
      enterkeyhint: "send", keydown: (event) => this.#onKey(event), input: () => this.#fit(),
    });
    const send = make("button", { type: "submit", class: "send", "aria-label": words.send, title: words.send }, icon("send"));
    const log = make("div", { class: "log", role: "region", "aria-label": words.conversation, tabindex: "0" }, this.#drawWelcome());
    const panel = make("div", {
      class: "panel", id: "panel", lang: this.#surroundings.language, dir: words.direction, hidden: floats, "aria-label": title,
      role: floats ? "dialog" : "group", keydown: (event) => this.#onPanelKey(event),
    },
      make("header", {}, sign(),
        make("div", {}, make("h2", { dir: "auto" }, title), make("p", {}, words.tagline)),
        tool(words.begin, "begin", () => this.begin()),
        floats && tool(words.close, "close", () => this.close())),
      log,
      make("form", { submit: (event) => this.#onSubmit(event) }, make("div", { class: "ask" }, field, send)),
      make("p", { class: "foot" }, words.note));
    const button = floats && make("button", {
      type: "button", class: "fab", lang: this.#surroundings.language, "aria-label": title, title,
      "aria-expanded": "false", "aria-controls": "panel", click: () => (panel.hidden ? this.open() : this.close()),
    }, sign(), icon("close"));
    const status = make("p", { class: "heard", role: "status", lang: this.#surroundings.language });
    this.#parts = { field, send, log, panel, button, status };
    const frame = make("div", { class: floats ? "frame floating" : "frame inline" }, panel, button, status);
    const height = this.getAttribute("height");
    if (!floats && height && CSS.supports("height", height)) frame.style.setProperty("--height", height);
    this.#root.append(frame);
  }

  /** Light or dark as asked for, else as the page behind is. */
  #setTheme() {
    const wanted = this.getAttribute("theme");
    const theme = ["light", "dark"].includes(wanted) ? wanted : isDark(this) ? "dark" : "light";
    this.#root.firstElementChild.style.setProperty("color-scheme", theme);
  }

  #setOpen(isOpen) {
    this.#parts.panel.hidden = !isOpen;
    this.#parts.button.setAttribute("aria-expanded", String(isOpen));
    this.#memory.isOpen = isOpen;
  }

  #setAsking(asking) {
    this.#asking = asking;
    const name = asking ? this.#words.stop : this.#words.send;
    const { send } = this.#parts;
    send.setAttribute("aria-label", name);
    send.title = name;
    send.replaceChildren(icon(asking ? "stop" : "send"));
    this.#parts.log.setAttribute("aria-busy", String(Boolean(asking)));
  }

  #say(text) {
    this.#parts.status.textContent = text;
  }

  #onSubmit(event) {
    event.preventDefault();
    if (this.#asking) return this.#asking.abort();
    const { field } = this.#parts;
    const question = field.value.trim();
    if (!question) return field.focus();
    field.value = "";
    this.#fit();
    this.ask(question);
  }

  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!this.#asking) this.#parts.field.form.requestSubmit();
  }

  #onPanelKey(event) {
    if (!this.#isFloating) return;
    event.stopPropagation(); // else the page takes letters for its shortcuts
    if (event.key === "Escape") this.close();
    if (event.key !== "Tab" || !COVERS.matches) return;
    // The panel covers the page: the focus does not go behind it.
    const stops = [...this.#parts.panel.querySelectorAll("button, a, textarea, [tabindex='0']")];
    const seen = stops.filter((each) => each.getClientRects().length);
    const [from, to] = event.shiftKey ? [seen[0], seen.at(-1)] : [seen.at(-1), seen[0]];
    if (this.#root.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }

  /** The field grows with its text, as far as the style sheet lets it. */
  #fit() {
    const { field } = this.#parts;
    field.style.setProperty("height", "auto");
    field.style.setProperty("height", `${field.scrollHeight}px`);
  }
}

/** Whether the page is dark where the element stands: the first colour behind it that can be seen through to no other. */
const isDark = (element) => {
  for (let each = element; each; each = each.parentElement) {
    const [red, green, blue, alpha = 1] = getComputedStyle(each).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [0, 0, 0, 0];
    if (alpha > 0.5) return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }
  const { colorScheme } = getComputedStyle(document.documentElement);
  return colorScheme.includes("dark") && (!colorScheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches);
};
