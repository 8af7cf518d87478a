// Single keys can be switched off (WCAG 2.1.4): who speaks to the machine types by accident.

const NAME = "quoth-keys";

/** Whether a key is pressed alone, outside of any field, and such keys have not been switched off. */
export function isShortcut(event) {
  const typing = event.target.closest("input, textarea, select, [contenteditable]") !== null;
  const combined = event.ctrlKey || event.metaKey || event.altKey || event.isComposing;
  return !typing && !combined && stored() !== "off";
}

/** Show the list of keys, if the page has some; without scripts it would promise too much. */
export function offerKeys() {
  const list = document.querySelector(".keys");
  if (list === null) return;
  const box = list.querySelector("input");
  box.checked = stored() !== "off";
  box.addEventListener("change", () => store(box.checked ? "on" : "off"));
  list.hidden = false;
}

// A browser may forbid storage; then the keys work, on this page at least.
function stored() {
  try {
    return localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

function store(value) {
  try {
    localStorage.setItem(NAME, value);
  } catch {
    // Nothing to do: the choice holds for no longer than the browser wants it to.
  }
}
