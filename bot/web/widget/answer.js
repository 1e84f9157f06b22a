// A question and its answer as they are shown and copied. Nothing here asks the server.
const BLANK_LINES = /\n[^\S\n]*\n\s*/;
const letters = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The words and the places that everything drawn needs. */
class Surroundings {
  constructor(language, base) {
    this.language = language;
    this.words = WORDS[language];
    this.base = base;
    this.days = new Intl.DateTimeFormat(language === "fr" ? "fr" : "en-GB", { dateStyle: "long", timeZone: "UTC" });
    this.languages = new Intl.DisplayNames([language], { type: "language" });
  }

  day(date) {
    return date ? this.days.format(new Date(`${date}T00:00Z`)) : this.words.noDate;
  }

  /** The page of a quote, and that it was scanned; nothing where its file has no pages. */
  page({ page, recognised }) {
    return [page && filled(this.words.page, { page }), recognised && this.words.recognised].filter(Boolean).join(", ");
  }

  /** The address of a release, at the quote where one is cited. */
  release({ release_id, revision, start, end }) {
    const id = release_id.split("/").map(encodeURIComponent).join("/");
    const url = new URL(`releases/${id}`, this.base);
    url.searchParams.set("lang", this.language);
    if (end === undefined) return url.href;
    for (const [name, value] of Object.entries({ revision, start, end })) url.searchParams.set(name, value);
    url.hash = "quoted";
    return url.href;
  }
}

const drawQuestion = (question, { words }) =>
  make("div", { class: "question" },
    make("h3", { class: "heard" }, words.asked),
    make("p", { dir: "auto" }, question));

/** The answer's paragraphs; each `[n]` of a citation leads to its card, which `follow` shows. */
const drawText = (text, numbers, { words }, follow) => {
  const piece = (part) => {
    const number = Number(/^\[(\d{1,4})\]$/.exec(part)?.[1]);
    if (!numbers.includes(number)) return part;
    const name = filled(words.source, { number });
    return make("button", { type: "button", class: "mark", "aria-label": name, click: () => follow(number) }, String(number));
  };
  const paragraphs = text.trim().split(BLANK_LINES).filter(Boolean);
  return paragraphs.map((each) => make("p", { dir: "auto" }, ...each.split(/(\[\d{1,4}\])/).map(piece)));
};

const drawAnswer = (question, answer, surroundings, actions) => {
  const { words } = surroundings;
  const cards = new Map(answer.citations.map((each) => [each.number, drawCard(each, surroundings)]));
  const follow = (number) => {
    const card = cards.get(number);
    card.scrollIntoView({ block: "nearest", behavior: "smooth" });
    card.focus({ preventScroll: true });
  };
  const meant = letters(answer.standalone_question);
  return make("article", { class: answer.declined ? "answer declined" : "answer" },
    make("h3", { class: answer.declined ? "status" : "heard" }, answer.declined ? words.declined : words.answered),
    meant && meant !== letters(question) &&
      make("p", { class: "meant" }, `${words.understood}: `, make("bdi", {}, answer.standalone_question)),
    make("div", { class: "text", lang: answer.language }, ...drawText(answer.answer, [...cards.keys()], surroundings, follow)),
    answer.notice && make("p", { class: "notice", dir: "auto" }, answer.notice),
    answer.closest && drawLink(words.closest, surroundings.release(answer.closest), words),
    cards.size > 0 && make("h4", { class: "heard" }, words.sources),
    cards.size > 0 && make("ol", { class: "sources" }, ...cards.values()),
    actions);
};

const drawCard = (citation, surroundings) => {
  const { words, languages } = surroundings;
  const facts = [
    surroundings.day(citation.date), citation.issuer, languages.of(citation.language), surroundings.page(citation),
  ].filter(Boolean);
  return make("li", { class: "card", tabindex: "-1" },
    make("div", { class: "head" },
      make("span", { class: "number", "aria-hidden": "true" }, String(citation.number)),
      make("div", {},
        make("p", { class: "title", dir: "auto", lang: citation.language, title: citation.title },
          make("span", { class: "heard" }, `${filled(words.source, citation)}: `), citation.title),
        make("p", { class: "facts" }, ...facts.flatMap((fact, place) => [place && " · ", make("bdi", {}, fact)])))),
    make("blockquote", { lang: citation.language, dir: "auto" }, make("mark", {}, citation.quote)),
    citation.translation &&
      make("p", { class: "translation", dir: "auto" }, make("span", {}, words.translation), citation.translation),
    drawLink(words.release, surroundings.release(citation), words));
};

const drawLink = (name, href, words) =>
  make("a", { class: "release", href, target: "_blank", rel: "noopener" },
    icon("open"), name, make("span", { class: "heard" }, ` (${words.newTab})`));

/** Question, answer and sources as plain text, with the address of each quote. */
const asText = (question, answer, surroundings) => {
  const sources = answer.citations.map(
    (each) => `[${each.number}] “${each.quote}” — ${[each.title, surroundings.day(each.date), surroundings.page(each)].filter(Boolean).join(", ")}\n${surroundings.release(each)}`,
  );
  return [question, answer.answer, ...sources].join("\n\n");
};
