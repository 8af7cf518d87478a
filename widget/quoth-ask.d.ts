/** What `/v1/ask` returns; offsets count Unicode code points. */
export interface QuothResponse {
  question: string;
  answered: boolean;
  answerable_probability: number;
  answers: QuothAnswer[];
  generation: string;
  /** Whether the same question was answered from this generation before. */
  cached: boolean;
  /** Milliseconds by stage. */
  timings_ms: { retrieve: number; read: number; total: number };
  /** What a time budget left out. */
  degraded: string | null;
  agreement: "single" | "agree" | "differ" | null;
  /** Why no quotation can answer, or nothing was found, in English. */
  note: string | null;
  /** What the note is about. */
  note_kind: "yes_no" | "counting" | "comparing" | "compared" | "no_article" | "unmentioned" | null;
  /** The names, offices and numbers of the question that nothing that was read mentions. */
  unmentioned: string[];
  /** The form of the question that was asked, where that is another. */
  asked: string | null;
  /** With `explain`, which the widget does not ask for. */
  considered: QuothAnswer[] | null;
  explanation: object | null;
}

export interface QuothAnswer {
  id: string;
  text: string;
  confidence: number;
  support: number;
  citations: QuothCitation[];
}

export interface QuothCitation {
  id: string;
  answer_id: string;
  article: {
    id: string;
    title: string;
    url: string | null;
    published: string | null;
    source: string | null;
    sha256: string;
  };
  quote: string;
  sentence: QuothSentence;
  answer: { text: string; start: number; end: number };
  prefix: string;
  suffix: string;
  offset_unit: "codepoint";
  deep_link: string | null;
  viewer_link: string;
  /** The page of its document on which the quote begins, from 1, where that is known. */
  page: number | null;
  /** The sentence before, where the quote begins with a pronoun: it names whom it speaks of. */
  context: { quote: string; sentence: QuothSentence } | null;
}

export interface QuothSentence {
  index: number;
  start: number;
  end: number;
}

/** An error as RFC 9457 problem details. */
export interface QuothProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  instance: string;
  request_id: string;
}

/**
 * `<quoth-ask>`. Attributes: `endpoint`, `placeholder`, `top-k`, `source`, `from`, `to`, `theme`
 * (`light`, `dark`, `auto`), `lang` (`en`, `de`, `fr`, `es`), `open` (`viewer`, `article`), `token-from`.
 */
export interface QuothAsk extends HTMLElement {
  readonly endpoint: string;
  ask(question: string): Promise<QuothResponse | null>;
}

declare global {
  interface HTMLElementTagNameMap {
    "quoth-ask": QuothAsk;
  }
  interface HTMLElementEventMap {
    "quoth-answer": CustomEvent<QuothResponse | QuothProblem>;
  }
}
