// Asks without leaving the page. The server renders the answers, as it does without this script;
// here its page is fetched, and what stands below the box is taken from it.

import { isShortcut, offerKeys } from "./keys.js";

const LOOK_AGAIN_MS = 1500;

const form = document.getElementById("ask");
const box = form.elements.q;
const said = document.getElementById("said");
let asking = new AbortController();
let shown = here();
let timer = 0;

function here() {
  return location.pathname + location.search;
}

/** Return the address of the page with what the form holds, without its empty fields. */
function written() {
  const fields = [...new FormData(form)].map(([name, value]) => [name, value.trim()]);
  const query = String(new URLSearchParams(fields.filter(([, value]) => value !== "")));
  return location.pathname + (query === "" ? "" : `?${query}`);
}

/** Write into the form what the address holds. */
function fill() {
  const held = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (field.name) field.value = held.get(field.name) ?? "";
  }
}

/** Fetch the page at our address and show its results; a later call ends an earlier one. */
async function show({ quietly = false } = {}) {
  asking.abort();
  asking = new AbortController();
  clearTimeout(timer);
  shown = here();
  const { signal } = asking;
  let response;
  if (!quietly) setBusy(true);
  try {
    response = await fetch(shown, { signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (page.getElementById("results") === null) throw new TypeError("this is another page");
    adopt(page);
  } catch (error) {
    if (signal.aborted) return;
    fail(document.getElementById(response === undefined ? "unreachable" : "broken"));
  }
  setBusy(false);
  lookAgainLater();
}

function results() {
  return document.getElementById("results");
}

/** Take over what the page shows. What is being written in the form stays. */
function adopt(page) {
  document.title = page.title;
  document.body.dataset.view = page.body.dataset.view;
  const found = page.getElementById("results");
  // What stands there already stays, and focus in it.
  if (results().innerHTML !== found.innerHTML) results().replaceWith(found);
  document.getElementById("sources").replaceWith(page.getElementById("sources"));
  const clear = page.querySelector(".clear");
  form.querySelector(".clear").hidden = clear.hidden;
  form.querySelector(".clear").href = clear.getAttribute("href");
  if (page.querySelector(".filters").open) form.querySelector(".filters").open = true;
  announce(results().dataset.said);
}

/** Show what the template says in the place of an answer. */
function fail(template) {
  const question = new URLSearchParams(location.search).get("q");
  document.title = question ? `${question} · Quoth` : "Quoth";
  document.body.dataset.view = "results";
  if (results().innerHTML !== template.innerHTML) {
    results().replaceChildren(template.content.cloneNode(true));
  }
  announce(results().querySelector("h2").textContent);
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
    else show({ quietly: true });
  }, LOOK_AGAIN_MS);
}

function ask(event) {
  event.preventDefault();
  const address = written();
  if (address !== here()) history.pushState(null, "", address);
  // A keyboard on the glass would cover the answer.
  if (matchMedia("(pointer: coarse)").matches) box.blur();
  show();
}

/** A link to this very page asks again, here. */
function askAgain(event) {
  if (isCombined(event) || event.target.closest('#results a[href=""]') === null) return;
  event.preventDefault();
  show();
}

/** A field that holds up the question has to be seen. */
function unfold(event) {
  const folded = event.target.closest("details");
  if (folded !== null) folded.open = true;
}

/** Up and down lead from the box through the sources and back. */
function move(event) {
  if (isCombined(event)) return;
  const stops = [box, ...document.querySelectorAll("#results a")].filter(isVisible);
  const from = stops.indexOf(document.activeElement);
  const to = stops[from + (event.key === "ArrowDown" ? 1 : -1)];
  if (from < 0 || to === undefined) return;
  event.preventDefault();
  to.focus();
}

function isCombined(event) {
  return event.shiftKey || event.ctrlKey || event.altKey || event.metaKey;
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
// It does not bubble.
form.addEventListener("invalid", unfold, { capture: true });
addEventListener("click", askAgain);
addEventListener("keydown", onKey);
addEventListener("popstate", () => {
  if (here() === shown) return;
  fill();
  show();
});
offerKeys();
lookAgainLater();
