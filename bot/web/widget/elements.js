// Elements made without markup: whatever a release, a model or a person wrote becomes text, never HTML.

/** An element with these attributes, listeners (functions) and children (elements or texts; the absent are left out). */
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value !== false && value != null) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child));
  return element;
};

const SVG = "http://www.w3.org/2000/svg";
// Lines on 24 by 24.
const ICONS = {
  close: "M6 6l12 12M18 6L6 18",
  begin: "M12 4H7a3 3 0 0 0-3 3v10a3 3 0 0 0 3 3h10a3 3 0 0 0 3-3v-5M18.4 3.6a1.4 1.4 0 0 1 2 2L12 14l-3 1 1-3z",
  send: "M12 19V5M6 11l6-6 6 6",
  stop: "M7.5 7.5h9v9h-9z",
  open: "M14 4h6v6M20 4l-8 8M10 5H6a2 2 0 0 0-2 2v11a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2v-4",
  copy: "M9 9V6a2 2 0 0 1 2-2h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-3M6 9h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z",
  up: "M7 11v9H4v-9zM7 11l4-8a2.5 2.5 0 0 1 2.5 2.5V9h5a2 2 0 0 1 2 2.3l-1 7A2 2 0 0 1 17.500 20H7",
  down: "M17 13V4h3v9zM17 13l-4 8a2.500 2.500 0 0 1-2.500-2.500V15h-5a2 2 0 0 1-2-2.300l1-7A2 2 0 0 1 6.500 4H17",
};
const MARK = "M8 4h32a6 6 0 0 1 6 6v20a6 6 0 0 1-6 6H22l-9 8v-8H8a6 6 0 0 1-6-6V10a6 6 0 0 1 6-6z";
const QUOTES =
  "M21.500 14.500c-3 1-5.500 3.700-5.500 7.300 0 2.300 1.500 3.900 3.500 3.900s3.400-1.400 3.400-3.300-1.300-3.200-3.100-3.200c.2-1.300 1-2.400 2.300-3zM32.500 14.500c-3 1-5.500 3.700-5.500 7.300 0 2.300 1.500 3.900 3.500 3.900s3.400-1.400 3.400-3.300-1.300-3.200-3.100-3.200c.2-1.300 1-2.400 2.300-3z";

const drawing = (size, ...paths) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("aria-hidden", "true");
  for (const [d, name] of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", name);
    svg.append(path);
  }
  return svg;
};
const icon = (name) => drawing(24, [ICONS[name], "line"]);
/** The sign of the product: a speech bubble with opening quotation marks. */
const sign = () => drawing(48, [MARK, "bubble"], [QUOTES, "quotes"]);
