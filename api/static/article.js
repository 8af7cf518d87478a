// Marks the range that the address names, #char=START,END (RFC 5147), scrolls to it, and makes
// keys work. Quoth counts Unicode code points, the DOM counts UTF-16 code units.

import { isShortcut, offerKeys } from "./keys.js";

const article = document.getElementById("text");

/** Return the UTF-16 index of a code point in the text, at most the length of the text. */
function unitIndex(text, codePoint) {
  let index = 0;
  for (let seen = 0; seen < codePoint && index < text.length; seen += 1) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}

/** Mark the UTF-16 range [start, end) of the article, in each of its text nodes. */
function mark(start, end) {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  let begin = 0;
  for (const node of nodes) {
    const length = node.data.length;
    const first = Math.max(start - begin, 0);
    const last = Math.min(end - begin, length);
    begin += length;
    if (first < last) wrap(node, first, last);
  }
}

function wrap(node, first, last) {
  const range = document.createRange();
  range.setStart(node, first);
  range.setEnd(node, last);
  const marked = document.createElement("mark");
  marked.className = "current linked";
  range.surroundContents(marked);
}

/** Say on which page of its document a code point stands, where the article has pages. */
function namePage(codePoint) {
  const page = document.getElementById("page");
  if (page === null) return;
  const starts = page.dataset.starts.split(",").map(Number);
  page.textContent = `p.\u00a0${starts.filter((start) => start <= codePoint).length}`;
  page.hidden = false;
}

function unmark() {
  for (const marked of article.querySelectorAll("mark.linked")) {
    marked.replaceWith(...marked.childNodes);
  }
  article.normalize();
}

function markRange() {
  const written = /^#char=(\d+),(\d+)$/.exec(location.hash);
  unmark();
  if (written === null) return;
  const text = article.textContent;
  mark(unitIndex(text, Number(written[1])), unitIndex(text, Number(written[2])));
  const first = article.querySelector("mark.linked");
  if (first === null) return;
  namePage(Number(written[1]));
  // This one is meant, not another that the address names as well.
  for (const other of article.querySelectorAll("mark.current:not(.linked)")) {
    other.classList.remove("current");
  }
  first.scrollIntoView({ block: "center" });
  // Who reads by keyboard or by ear goes on from here.
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

function follow(selector, event) {
  const link = document.querySelector(selector);
  if (link === null) return;
  event.preventDefault();
  link.click();
}

function onKey(event) {
  if (event.key === "Escape") follow(".back", event);
  if (!isShortcut(event)) return;
  if (event.key === "n") follow("[rel=next]", event);
  if (event.key === "p") follow("[rel=prev]", event);
  if (event.key === "/") follow(".back", event);
}

addEventListener("hashchange", markRange);
addEventListener("keydown", onKey);
offerKeys();
markRange();
