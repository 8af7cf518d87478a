// <quoth-ask>: ask Quoth on any page. It needs no framework, no secret and no style of the page:
//
//   <script src="https://quoth.example/widget.js" defer></script>
//   <quoth-ask></quoth-ask>
//
// Attributes: endpoint (where Quoth is; by default where this script came from), placeholder,
// top-k (1 to 20), source, from, to (YYYY-MM-DD), theme (light, dark, auto; by default the page's
// own), lang (en, de, fr, es), open (viewer or article: where sources lead), token-from (an address
// of the page's own site that gives tokens, where the service has keys; by default the service is
// asked for them). The colours, the font and the corners are CSS variables, see STYLE. Whatever
// comes from the service is put into the page as text.

const LABELS = {
  en: {
    question: "Your question",
    placeholder: "Ask a question",
    ask: "Ask",
    asking: "Asking …",
    answers: "Answers",
    none: "The articles do not answer this.",
    asked: "Asked as:",
    differ: "The articles disagree: another one gives an answer that is likely too.",
    partly: "Not all passages were looked at.",
    earlier: "Earlier:",
    also: "Also in:",
    page: "p.",
    nearest: "Nearest passages",
    failed: "Quoth cannot answer at the moment. Please try again later.",
    tab: "opens in a new tab",
    notes: {
      yes_no: "This is a yes-or-no question: quoted is what bears on it, but not judged.",
      counting: "This question counts over articles: no quotation can answer it.",
      comparing: "This question compares: quoted is what bears on it, but not compared.",
      compared: "This row was found by comparing the numbers of its column.",
      no_article: "There is no article of this date and source.",
      unmentioned: "Nothing that was read mentions this:",
    },
    words: ["Very likely right", "Likely right", "Possibly right", "Unlikely, but possible"],
  },
  de: {
    question: "Ihre Frage",
    placeholder: "Stellen Sie eine Frage",
    ask: "Fragen",
    asking: "Wird gesucht …",
    answers: "Antworten",
    none: "Die Artikel beantworten das nicht.",
    asked: "Gefragt als:",
    differ: "Die Artikel sind sich nicht einig: Ein anderer gibt eine Antwort, die auch wahrscheinlich ist.",
    partly: "Nicht alle Stellen wurden gelesen.",
    earlier: "Zuvor:",
    also: "Auch in:",
    page: "S.",
    nearest: "Nächstliegende Stellen",
    failed: "Quoth kann gerade nicht antworten. Bitte versuchen Sie es später noch einmal.",
    tab: "öffnet einen neuen Tab",
    notes: {
      yes_no: "Auf Ja oder Nein antwortet Quoth nicht: Es zitiert, was dazu gesagt ist, und urteilt nicht.",
      counting: "Die Frage zählt über Artikel hinweg: Kein Zitat kann sie beantworten.",
      comparing: "Die Frage vergleicht: Quoth zitiert, was dazu gesagt ist, und vergleicht nicht.",
      compared: "Diese Zeile ergab ein Vergleich der Zahlen ihrer Spalte.",
      no_article: "Es gibt keinen Artikel mit diesem Datum und dieser Quelle.",
      unmentioned: "In keiner gelesenen Stelle erwähnt:",
    },
    words: ["Sehr wahrscheinlich", "Wahrscheinlich", "Möglich", "Unwahrscheinlich"],
  },
  fr: {
    question: "Votre question",
    placeholder: "Posez une question",
    ask: "Demander",
    asking: "Recherche …",
    answers: "Réponses",
    none: "Les articles n’y répondent pas.",
    asked: "Question posée :",
    differ: "Les articles se contredisent : un autre donne une réponse également probable.",
    partly: "Tous les passages n’ont pas été lus.",
    earlier: "Plus haut :",
    also: "Aussi dans :",
    page: "p.",
    nearest: "Passages les plus proches",
    failed: "Quoth ne peut pas répondre pour le moment. Réessayez plus tard.",
    tab: "s’ouvre dans un nouvel onglet",
    notes: {
      yes_no: "À une question par oui ou non, Quoth cite ce qui s’y rapporte, mais ne juge pas.",
      counting: "Cette question compte des articles : aucune citation ne peut y répondre.",
      comparing: "Cette question compare : Quoth cite ce qui s’y rapporte, mais ne compare pas.",
      compared: "Cette ligne a été trouvée en comparant les nombres de sa colonne.",
      no_article: "Il n’y a pas d’article de cette date et de cette source.",
      unmentioned: "Aucun passage lu ne mentionne :",
    },
    words: ["Très probable", "Probable", "Possible", "Peu probable"],
  },
  es: {
    question: "Su pregunta",
    placeholder: "Haga una pregunta",
    ask: "Preguntar",
    asking: "Buscando …",
    answers: "Respuestas",
    none: "Los artículos no lo responden.",
    asked: "Preguntado como:",
    differ: "Los artículos no coinciden: otro da una respuesta también probable.",
    partly: "No se leyeron todos los pasajes.",
    earlier: "Antes:",
    also: "También en:",
    page: "pág.",
    nearest: "Pasajes más cercanos",
    failed: "Quoth no puede responder en este momento. Inténtelo más tarde.",
    tab: "se abre en una pestaña nueva",
    notes: {
      yes_no: "A una pregunta de sí o no, Quoth cita lo que tiene que ver, pero no juzga.",
      counting: "Esta pregunta cuenta artículos: ninguna cita puede responderla.",
      comparing: "Esta pregunta compara: Quoth cita lo que tiene que ver, pero no compara.",
      compared: "Esta fila se encontró comparando los números de su columna.",
      no_article: "No hay ningún artículo de esta fecha y esta fuente.",
      unmentioned: "Ningún pasaje leído menciona:",
    },
    words: ["Muy probable", "Probable", "Posible", "Poco probable"],
  },
};
const LEAST = [0.9, 0.7, 0.4, 0];

const STYLE = `
  :host {
    --ink: var(--quoth-ink, light-dark(#1d1e1b, #ebe9e1));
    --faint: var(--quoth-faint, light-dark(#5f5e57, #aaa79d));
    --paper: var(--quoth-paper, light-dark(#ffffff, #1e1f1c));
    --line: var(--quoth-line, light-dark(#8d8b82, #77766d));
    --accent: var(--quoth-accent, light-dark(#1f5c49, #93d3b9));
    --on-accent: var(--quoth-on-accent, light-dark(#ffffff, #10211b));
    --mark: var(--quoth-mark, light-dark(#ffe38c, #6b5607));
    --on-mark: var(--quoth-on-mark, light-dark(#1d1e1b, #fff6d6));
    --radius: var(--quoth-radius, 0.75rem);
    display: block;
    color: var(--ink);
    font: 1rem/1.5 var(--quoth-font, system-ui, sans-serif);
    overflow-wrap: anywhere;
    text-align: start;
  }
  :host([hidden]) { display: none; }
  :host([theme="light"]) { color-scheme: light; }
  :host([theme="dark"]) { color-scheme: dark; }
  :host([theme="auto"]) { color-scheme: light dark; }
  * { box-sizing: border-box; margin: 0; }
  form {
    display: flex; gap: 0.25rem; padding: 0.25rem; border: 1px solid var(--line);
    border-radius: var(--radius); background: var(--paper);
  }
  form:focus-within { outline: 3px solid var(--accent); outline-offset: -1px; }
  input {
    flex: 1; min-width: 0; padding: 0.55rem 0.7rem; border: 0; outline: 0; background: none;
    color: var(--ink); font: inherit; appearance: none;
  }
  input::-webkit-search-cancel-button { display: none; }
  ::placeholder { color: var(--faint); opacity: 1; }
  button {
    padding: 0.55rem 1.1rem; border: 0; border-radius: calc(var(--radius) * 0.7);
    background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
    cursor: pointer;
  }
  a { color: var(--accent); text-underline-offset: 0.2em; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  input:focus-visible { outline: 0; }
  ol, ul { padding: 0; list-style: none; }
  ul { line-height: 1.8; }
  ol { display: grid; gap: 0.9rem; margin-top: 0.9rem; }
  /* A border, not a shadow: forced colours leave shadows out. */
  ol > li, .state {
    position: relative; padding: 0.9rem 1rem; border-radius: var(--radius);
    border: 1px solid color-mix(in srgb, var(--line) 35%, transparent); background: var(--paper);
  }
  .text { display: block; font-size: 1.15rem; font-weight: 600; line-height: 1.3; }
  .facts { margin-top: 0.2rem; }
  .context, .quote, .also { margin-top: 0.6rem; }
  .context, .quote { white-space: pre-line; }
  .facts, .context, .also { color: var(--faint); font-size: 0.875rem; }
  .around { color: var(--faint); }
  mark { border-radius: 0.15em; background: var(--mark); color: var(--on-mark); }
  .state { margin-top: 0.9rem; color: var(--faint); }
  .state p + p, .state div + p { margin-top: 0.3rem; }
  .busy { opacity: 0.6; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap; }
`;

// Only a classic script knows where it came from; a module has the attribute, or the page's origin.
const HOME = document.currentScript?.src ? new URL(".", document.currentScript.src).href : null;

/** Return a new element with attributes and children; text stays text. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Return a citation's quote as [before, answer, after]; its offsets count code points. */
function pieces({ quote, sentence, answer }) {
  const points = [...quote];
  const [first, last] = [answer.start - sentence.start, answer.end - sentence.start];
  return [points.slice(0, first), points.slice(first, last), points.slice(last)].map((piece) =>
    piece.join(""),
  );
}

/** Return what stands around a quote, without the words that its ends have cut. */
function around({ prefix, suffix, sentence }) {
  const isCut = sentence.start > [...prefix].length;
  return [
    isCut ? `… ${prefix.replace(/^\S*\s+/u, "")}` : prefix,
    suffix ? `${suffix.replace(/\s+\S*$/u, "")} …` : "",
  ];
}

/** Return a day (YYYY-MM-DD) as people of a language write it. */
function written(day, language) {
  if (day === null) return null;
  return new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" }).format(new Date(day));
}

function percent(probability) {
  return Math.min(99, Math.max(1, Math.round(100 * probability)));
}

class QuothAsk extends HTMLElement {
  #asking = new AbortController();
  #box;
  #button;
  #label;
  #results;
  #status;
  #token = null;

  static observedAttributes = ["lang", "placeholder"];

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    root.adoptedStyleSheets = [style];
    this.#label = element("label", { for: "q", class: "unseen" });
    this.#box = element("input", {
      id: "q", type: "search", part: "box", required: "", maxlength: "2000",
      autocomplete: "off", enterkeyhint: "search",
    });
    this.#button = element("button", { part: "button" });
    const form = element("form", { role: "search", part: "form" }, this.#label, this.#box, this.#button);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask(this.#box.value);
    });
    this.#status = element("p", { class: "unseen", role: "status" });
    this.#results = element("div", { part: "results" });
    root.append(form, this.#status, this.#results);
  }

  connectedCallback() {
    this.#putLabels();
  }

  attributeChangedCallback() {
    this.#putLabels();
  }

  /** The address of the service, without a slash at its end. */
  get endpoint() {
    const given = this.getAttribute("endpoint") ?? HOME ?? location.origin;
    return new URL(given, document.baseURI).href.replace(/\/+$/, "");
  }

  /** Ask, show what comes back, and return it; null where nothing did, or a later question won. */
  async ask(question) {
    if (question.trim() === "") return null;
    this.#asking.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#box.value = question;
    this.#setBusy(true);
    try {
      const response = await this.#fetch(this.#body(question), signal);
      const body = await response.json();
      if (response.ok) this.#show(body);
      else this.#fail(body.detail);
      this.dispatchEvent(
        new CustomEvent("quoth-answer", { detail: body, bubbles: true, composed: true }),
      );
      return response.ok ? body : null;
    } catch (error) {
      // Why a request to another origin failed, browsers do not tell scripts; mostly it is this.
      const hint = `- is ${location.origin} in QUOTH_ALLOWED_ORIGINS of ${this.endpoint}?`;
      if (!signal.aborted) this.#fail(error, error instanceof TypeError ? hint : "");
      return null;
    } finally {
      if (!signal.aborted) this.#setBusy(false);
    }
  }

  /** Fetch; where the service wants a token, or a newer one, get it and fetch again. */
  async #fetch(body, signal) {
    const send = () => {
      const headers = { "Content-Type": "application/json" };
      if (this.#token !== null) headers.Authorization = `Bearer ${this.#token}`;
      // On a page of our own origin, a GET would not say the origin that the token is bound to.
      const how = { method: "POST", body, signal, headers, credentials: "omit" };
      return fetch(`${this.endpoint}/v1/ask`, how);
    };
    const response = await send();
    if (response.status !== 401) return response;
    this.#token = await this.#newToken(signal);
    return this.#token === null ? response : send();
  }

  /** Return a token that lets this page ask for some minutes; null where none is given. */
  async #newToken(signal) {
    const own = this.getAttribute("token-from");
    const address = own === null ? `${this.endpoint}/v1/tokens` : new URL(own, document.baseURI);
    // The page's own site may want to know who its visitor is; Quoth does not.
    const credentials = own === null ? "omit" : "same-origin";
    const response = await fetch(address, { method: "POST", signal, credentials });
    return response.ok ? (await response.json()).token : null;
  }

  /** The language of the labels: the page's, if there are labels in it. */
  get #language() {
    const language = this.closest("[lang]")?.lang.toLowerCase().split("-")[0];
    return Object.hasOwn(LABELS, language) ? language : "en";
  }

  get #labels() {
    return LABELS[this.#language];
  }

  #putLabels() {
    const labels = this.#labels;
    this.#label.textContent = labels.question;
    this.#button.textContent = labels.ask;
    this.#box.placeholder = this.getAttribute("placeholder") ?? labels.placeholder;
  }

  /** What is asked, in JSON, which leaves out what is undefined. */
  #body(question) {
    const given = (name) => this.getAttribute(name) || undefined;
    const most = given("top-k");
    return JSON.stringify({
      question,
      top_k: most && Number(most),
      filters: {
        source: given("source"),
        published_from: given("from"),
        published_to: given("to"),
      },
    });
  }

  /** The same question, with the same filters, on Quoth's own page. */
  #page(question) {
    const parameters = new URLSearchParams({ q: question });
    for (const name of ["source", "from", "to"]) {
      const value = this.getAttribute(name);
      if (value) parameters.set(name, value);
    }
    return `${this.endpoint}/?${parameters}`;
  }

  #setBusy(busy) {
    this.#results.classList.toggle("busy", busy);
    this.#results.setAttribute("aria-busy", String(busy));
    if (busy) this.#status.textContent = this.#labels.asking;
  }

  /** What the service says of an answer, or of there being none, besides the quotes. */
  #remarks({ asked, agreement, note, note_kind: kind, unmentioned, degraded }) {
    const labels = this.#labels;
    const named = kind === "unmentioned" ? unmentioned.map((name) => `“${name}”`).join(", ") : "";
    return [
      asked && element("p", {}, `${labels.asked} `, element("bdi", {}, asked)),
      agreement === "differ" && element("p", {}, labels.differ),
      Object.hasOwn(labels.notes, kind)
        ? element("p", {}, labels.notes[kind], named && " ", named && element("bdi", {}, named))
        : // A kind that this script does not know yet, in the words of the service.
          note && element("p", { lang: "en", dir: "ltr" }, note),
      degraded && element("p", {}, labels.partly),
    ].filter(Boolean);
  }

  /** Read paragraphs out, and return the box that shows them. */
  #told(paragraphs, ...more) {
    this.#status.replaceChildren(...paragraphs.map((paragraph) => paragraph.cloneNode(true)));
    // The status has been read out already.
    const shown = element("div", { "aria-hidden": "true" }, ...paragraphs);
    return element("div", { class: "state" }, shown, ...more);
  }

  /** What went wrong is for who made the page; its visitors can do nothing about it. */
  #fail(reason, hint = "") {
    console.error("quoth-ask:", reason, hint);
    const failed = element("p", {}, this.#labels.failed);
    this.#results.replaceChildren(this.#told([failed]));
  }

  #show(body) {
    const labels = this.#labels;
    const remarks = this.#remarks(body);
    if (body.answers.length === 0) {
      const none = element("p", {}, labels.none);
      const link = element("p", {}, this.#link(this.#page(body.question), labels.nearest));
      // The visitors of a site that gives the tokens may not ask on Quoth's own page.
      const more = this.hasAttribute("token-from") ? [] : [link];
      this.#results.replaceChildren(this.#told([none, ...remarks], ...more));
      return;
    }
    const items = body.answers.map((answer, place) => this.#item(answer, place));
    const list = element("ol", { "aria-label": labels.answers, role: "list" }, ...items);
    const told = this.#told(remarks);
    this.#results.replaceChildren(...(remarks.length > 0 ? [told] : []), list);
    const [first] = body.answers;
    this.#status.append(`${first.text}. ${this.#likelihood(first)}`);
  }

  #likelihood({ confidence }) {
    const words = this.#labels.words[LEAST.findIndex((least) => confidence >= least)];
    return `${words}, ${percent(confidence)}\u00a0%`;
  }

  #item(answer, place) {
    const [citation, ...others] = answer.citations;
    const { article } = citation;
    const id = `quote-${place}`;
    const link = this.#link(this.#target(citation), answer.text, "text");
    link.setAttribute("aria-describedby", id);
    link.dir = "auto";
    const day = written(article.published, this.#language);
    const page = citation.page && `${this.#labels.page}\u00a0${citation.page}`;
    const facts = [this.#likelihood(answer), article.title, page, article.source, day];
    return element(
      "li",
      { part: "answer" },
      link,
      element("p", { class: "facts", dir: "auto" }, facts.filter(Boolean).join(" · ")),
      ...this.#context(citation),
      this.#quote(citation, id),
      ...this.#also(others),
    );
  }

  /** The sentence that names whom the quote speaks of, unless it stands before the quote anyway. */
  #context(citation) {
    const { context } = citation;
    if (!context || around(citation)[0].includes(context.quote)) return [];
    const label = `${this.#labels.earlier} `;
    return [element("p", { class: "context" }, label, element("bdi", {}, context.quote))];
  }

  /** The other places that say so. */
  #also(citations) {
    if (citations.length === 0) return [];
    const links = citations.map((citation) => {
      const link = this.#link(this.#target(citation), citation.article.title);
      link.dir = "auto";
      return element("li", {}, link);
    });
    const label = element("p", {}, this.#labels.also);
    return [element("div", { class: "also" }, label, element("ul", { role: "list" }, ...links))];
  }

  #quote(citation, id) {
    const [before, answer, after] = pieces(citation);
    const [prefix, suffix] = around(citation);
    const marked = element("mark", { part: "mark" }, answer);
    return element(
      "p",
      { class: "quote", id, dir: "auto", part: "quote" },
      element("span", { class: "around" }, prefix),
      element("span", { class: "said" }, before, marked, after),
      element("span", { class: "around" }, suffix),
    );
  }

  /** Where a source opens: at the quote in our viewer, or on its own page where it has one. */
  #target(citation) {
    const own = this.getAttribute("open") === "article" ? citation.deep_link : null;
    if (own && /^https?:/i.test(own)) return own;
    return this.endpoint + citation.viewer_link;
  }

  #link(href, text, className = "") {
    const hint = element("span", { class: "unseen" }, ` (${this.#labels.tab})`);
    const attributes = { href, class: className, target: "_blank", rel: "noopener" };
    return element("a", attributes, text, hint);
  }
}

if (!customElements.get("quoth-ask")) customElements.define("quoth-ask", QuothAsk);
