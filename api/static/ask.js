// Asks without leaving the page. The server renders the answers, as it does without this script;
// here its page is fetched, and what stands below the box is taken from it.

import { isShortcut, offerKeys } from "./keys.js";

const LOOK_AGAIN_MS = 1500;

const form = document.getElementById("ask");
const box = form.elements.q;
const said = document.getElementById("said");
const unreachable = document.getElementById("unreachable");
let asking = new AbortController();
let shown = here();
let timer = 0;

function here() {
  return location.pathname + location.search;
}

/** Return the address of the page with what the form holds, without its empty fields. */
function written() {
  const fields = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  const parameters = new URLSearchParams(fields.filter(([, value]) => value !== ""));
  return parameters.size > 0 ? `/?${parameters}` : "/";
}

/** Fetch the page at this address and show its results; a later call ends an earlier one. */
async function show(address, { quietly = false } = {}) {
  asking.abort();
  asking = new AbortController();
  clearTimeout(timer);
  shown = address;
  const { signal } = asking;
  if (!quietly) setBusy(true);
  try {
    const response = await fetch(address, { signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (page.getElementById("results") === null) throw new TypeError("this is another page");
    adopt(page);
  } catch (error) {
    if (signal.aborted) return;
    results().replaceChildren(unreachable.content.cloneNode(true));
    announce(results().querySelector("h2").textContent);
    document.body.dataset.view = "results";
  }
  setBusy(false);
  lookAgainLater();
}

function results() {
  return document.getElementById("results");
}

function adopt(page) {
  document.title = page.title;
  document.body.dataset.view = page.body.dataset.view;
  results().replaceWith(page.getElementById("results"));
  for (const field of page.getElementById("ask").elements) {
    // What is being written meanwhile stays.
    const own = field.name ? form.elements[field.name] : null;
    if (own && own !== document.activeElement) own.value = field.value;
  }
  form.querySelector(".fields").replaceChildren(...updatedFields(page));
  if (page.querySelector(".filters").open) form.querySelector(".filters").open = true;
  announce(results().dataset.said);
}

/** Return our fields, so that focus stays, with the page's suggestions and link to clear them. */
function updatedFields(page) {
  const own = [...form.querySelectorAll(".fields > label")];
  return [...own, ...page.querySelectorAll(".fields > :not(label)")];
}

/** Tell a screen reader, once. */
function announce(text) {
  if (said.textContent !== text) said.textContent = text;
}

function setBusy(busy) {
  document.body.classList.toggle("busy", busy);
  results().setAttribute("aria-busy", String(busy));
  if (busy) announce("Asking …");
}

/** Where the service is only starting, look again until it has started. */
function lookAgainLater() {
  if (!("lookAgain" in results().dataset)) return;
  timer = setTimeout(() => {
    if (document.hidden) lookAgainLater();
    else show(shown, { quietly: true });
  }, LOOK_AGAIN_MS);
}

function ask(event) {
  event.preventDefault();
  const address = written();
  if (address === here()) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  // A keyboard on the glass would cover the answer.
  if (matchMedia("(pointer: coarse)").matches) box.blur();
  show(address);
}

/** Up and down lead from the box through the sources and back. */
function move(event) {
  const stops = [box, ...document.querySelectorAll("#results a")].filter(isVisible);
  const from = stops.indexOf(document.activeElement);
  const to = stops[from + (event.key === "ArrowDown" ? 1 : -1)];
  if (from < 0 || to === undefined) return;
  event.preventDefault();
  to.focus();
}

function isVisible(element) {
  return element.checkVisibility();
}

function onKey(event) {
  if (event.isComposing) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event);
  if (event.key === "/" && isShortcut(event)) toBox(event);
  if (event.key === "Escape") leave(event);
}

function toBox(event) {
  event.preventDefault();
  box.focus();
  box.select();
}

/** Escape leads out of the box, and from anywhere else into it; what was written stays. */
function leave(event) {
  event.preventDefault();
  if (document.activeElement === box) box.blur();
  else toBox(event);
}

form.addEventListener("submit", ask);
addEventListener("keydown", onKey);
addEventListener("popstate", () => {
  if (here() === shown) return;
  // The address says what stands in the box.
  if (document.activeElement === box) box.blur();
  show(here());
});
offerKeys();
lookAgainLater();
