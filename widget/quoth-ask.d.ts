/** What `GET /v1/ask` returns; offsets count Unicode code points. */
export interface QuothResponse {
  question: string;
  answered: boolean;
  answerable_probability: number;
  answers: QuothAnswer[];
  generation: string;
  agreement: "single" | "agree" | "differ" | null;
  note: string | null;
  degraded: string | null;
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
  sentence: { index: number; start: number; end: number };
  answer: { text: string; start: number; end: number };
  prefix: string;
  suffix: string;
  offset_unit: "codepoint";
  deep_link: string | null;
  viewer_link: string;
}

/** An error as RFC 9457 problem details. */
export interface QuothProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
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
