// Makes the element known, and puts one into the page for the `<script>` that asks for it.
if (!customElements.get("communique-chat")) customElements.define("communique-chat", CommuniqueChat);

/** `data-mode` says where: floating (without it), inline (after the script), or none, for pages that place it themselves. */
const start = () => {
  const { mode = "floating", ...asked } = SCRIPT?.dataset ?? { mode: "none" };
  if (mode === "none") return;
  const attributes = { mode, server: BASE, token: asked.token, "token-url": asked.tokenUrl, lang: asked.lang };
  Object.assign(attributes, { theme: asked.theme, "title-text": asked.title, copy: asked.copy, height: asked.height, questions: asked.questions });
  const chat = make("communique-chat", attributes);
  if (mode === "inline") SCRIPT.after(chat);
  else document.body.append(chat);
};
if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
