// What can be done with an answer: copy it, say what one thinks of it.

/** The row of buttons under an answer; `say` tells those who hear the page. */
const drawActions = (question, answer, surroundings, { api, copies, say }) => {
  const { words } = surroundings;
  const copyButton = (name, text) => {
    const label = make("span", {}, name);
    const copy = async () => {
      const done = await toClipboard(text, button).then(() => words.copied, () => words.notCopied);
      label.textContent = done;
      say(done);
      setTimeout(() => (label.textContent = name), 2500);
    };
    const button = make("button", { type: "button", class: "act", click: copy }, icon("copy"), label);
    return button;
  };
  return make("div", { class: "actions" },
    copyButton(words.copy, () => asText(question, answer, surroundings)),
    copies && copyButton(words[copies], () => api.exported(answer.id, copies)),
    ...drawThumbs(answer, surroundings, api, say));
};

/** Writes what `text` gives, perhaps later; without the clipboard, which is there only on https and on this machine, by selection. */
const toClipboard = async (text, near) => {
  const written = await text();
  if (navigator.clipboard) return navigator.clipboard.writeText(written);
  const area = make("textarea", { class: "heard" });
  area.value = written;
  near.after(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  near.focus();
  if (!done) throw new Error("not copied");
};

const drawThumbs = (answer, { words }, api, say) => {
  let given = null;
  const rate = (thumbs, comment) => api.rate(answer.id, thumbs, comment);
  const thumb = (kind) =>
    make("button", {
      type: "button", class: "act thumb", "aria-label": words[kind], title: words[kind], "aria-pressed": "false",
      click: () => choose(kind),
    }, icon(kind));
  const buttons = { up: thumb("up"), down: thumb("down") };
  const field = make("textarea", { rows: 2, maxlength: 4000, "aria-label": words.comment, placeholder: words.comment, dir: "auto" });
  const form = make("form", { class: "comment", hidden: true, submit: send },
    field, make("button", { type: "submit", class: "plain" }, words.tell));

  async function choose(kind) {
    const before = given;
    show(kind === given ? null : kind);
    try {
      await rate(given);
      if (given) say(words.thanks);
      if (given === "down") field.focus();
    } catch (problem) {
      show(before);
      say(words.errors[problem.kind] ?? words.errors.failed);
    }
  }

  function show(kind) {
    given = kind;
    for (const [name, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(name === kind));
    form.hidden = kind !== "down";
  }

  async function send(event) {
    event.preventDefault();
    try {
      await rate(given, field.value.trim());
      form.replaceChildren(make("p", {}, words.thanks));
      say(words.thanks);
    } catch (problem) {
      say(words.errors[problem.kind] ?? words.errors.failed);
    }
  }

  return [buttons.up, buttons.down, form];
};
