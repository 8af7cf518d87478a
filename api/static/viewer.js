// Marks the range that the address names, #char=START,END (RFC 5147), and scrolls to it.
// Quoth counts Unicode code points, the DOM counts UTF-16 code units.
"use strict";

const container = document.getElementById("text");
const text = container.textContent;

/** Return the UTF-16 index of a code point offset, at most the length of the text. */
function unitIndex(codePoints) {
  let index = 0;
  for (let seen = 0; seen < codePoints && index < text.length; seen += 1) {
    index += text.codePointAt(index) > 0xffff ? 2 : 1;
  }
  return index;
}

function markRange() {
  container.textContent = text;
  const range = /^#char=(\d+),(\d+)$/.exec(location.hash);
  if (range === null) return;
  const start = unitIndex(Number(range[1]));
  const end = unitIndex(Number(range[2]));
  if (end <= start) return;
  const mark = document.createElement("mark");
  mark.textContent = text.slice(start, end);
  container.replaceChildren(text.slice(0, start), mark, text.slice(end));
  mark.scrollIntoView({ block: "center" });
}

addEventListener("hashchange", markRange);
markRange();
