// The page's own script: shows a place, follows citation marks, copies an answer, comes back from the login to the
// address that was asked for. It reads attributes and writes no HTML.
window.communique ??= (() => {
  const find = (name) => document.getElementById(name) ?? document.querySelector(`.st-key-${name}`);

  // Streamlit puts elements in place one by one and scrolls a chat to its end as they come. So the place is
  // looked for again and again, until it has kept still for a second and a half or the person scrolls.
  const show = (name) => {
    const stopped = new AbortController();
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"])
      document.addEventListener(kind, () => stopped.abort(), { signal: stopped.signal, passive: true });
    let until = performance.now() + 5000;
    let shown = false;
    const step = () => {
      const place = find(name);
      if (place && !shown) {
        shown = true;
        until = performance.now() + 1500;
        const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
        if (!calm) place.animate([{ opacity: 0.35 }, { opacity: 1 }], 600);
      }
      if (place) {
        const tall = place.getBoundingClientRect().height > 0.8 * window.innerHeight;
        place.scrollIntoView({ block: tall || place.matches(".cq-question") ? "start" : "center" });
      }
      if (performance.now() < until && !stopped.signal.aborted) setTimeout(step, 50);
      else stopped.abort();
    };
    step();
  };

  const copy = async (text) => {
    // The clipboard API is there only on https and on this machine.
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  };

  document.addEventListener("click", async (event) => {
    const mark = event.target.closest?.(".cq-mark");
    if (mark) {
      event.preventDefault();
      show(mark.hash.slice(1));
    }
    const button = event.target.closest?.(".cq-copy");
    if (button) {
      await copy(button.dataset.text);
      button.classList.add("cq-copied");
      setTimeout(() => button.classList.remove("cq-copied"), 2000);
    }
  });

  // A page that is drawn again asks for the same place for the same reason: that was done.
  let last = "";
  const showOnce = () => {
    const { name, reason } = document.getElementById("cq-show")?.dataset ?? {};
    if (name && last !== name + reason) show(name);
    if (name) last = name + reason;
  };

  // A provider of identities sends people back to the bare first page: the address they asked for waits in the tab.
  const resume = () => {
    const kept = "communique-address";
    try {
      if (document.querySelector(".cq-login")) {
        if (location.search) sessionStorage.setItem(kept, location.pathname + location.search);
        else sessionStorage.removeItem(kept);
        return;
      }
      const wanted = sessionStorage.getItem(kept);
      sessionStorage.removeItem(kept);
      if (wanted && !location.search) location.replace(wanted);
    } catch {
      // A browser that keeps nothing for this page: it stays the first one.
    }
  };

  return { resume, showOnce };
})();
window.communique.resume();
window.communique.showOnce();
