import type { PhishingCue } from "../url/cues/phishing-cue.ts";

/** The person wants to go to an address. What is open stays shown until the application sets `url`. */
export class FairleadNavigateEvent extends Event {
  static readonly type = "fairlead-navigate";
  /** Canonical, ASCII only, without user information, of a scheme that the application opens. */
  readonly url: string;

  constructor(url: string) {
    super(FairleadNavigateEvent.type, { bubbles: true, composed: true });
    this.url = url;
  }
}

/** The person wants to search for a text that is no address. Only of a bar that has `search`. */
export class FairleadSearchEvent extends Event {
  static readonly type = "fairlead-search";
  readonly text: string;

  constructor(text: string) {
    super(FairleadSearchEvent.type, { bubbles: true, composed: true });
    this.text = text;
  }
}

/** The person wants an address out of the history. The line is gone from the list at once. */
export class FairleadForgetVisitEvent extends Event {
  static readonly type = "fairlead-forget-visit";
  /** Canonical, without fragment: all visits of the same URL are meant. */
  readonly url: string;

  constructor(url: string) {
    super(FairleadForgetVisitEvent.type, { bubbles: true, composed: true });
    this.url = url;
  }
}

/** The person wants to have what is open loaded again. */
export class FairleadReloadEvent extends Event {
  static readonly type = "fairlead-reload";

  constructor() {
    super(FairleadReloadEvent.type, { bubbles: true, composed: true });
  }
}

/** The person wants the loading to end. */
export class FairleadStopEvent extends Event {
  static readonly type = "fairlead-stop";

  constructor() {
    super(FairleadStopEvent.type, { bubbles: true, composed: true });
  }
}

/** The person wants to see the certificate of the page that is open. */
export class FairleadShowCertificateEvent extends Event {
  static readonly type = "fairlead-show-certificate";
  readonly origin: string;

  constructor(origin: string) {
    super(FairleadShowCertificateEvent.type, { bubbles: true, composed: true });
    this.origin = origin;
  }
}

/** What the person says to a notice: away from here, or stay in the knowledge of it. */
export type CueAnswer = "go-back" | "understood";

/**
 * The person answers the notice that the page could be a deception. `understood` hides it, for this origin and this kind
 * of cue, as long as the bar is there.
 */
export class FairleadCueAnswerEvent extends Event {
  static readonly type = "fairlead-cue-answer";
  readonly answer: CueAnswer;
  readonly cue: PhishingCue;
  /** Of the page that the notice is about. */
  readonly url: string;

  constructor(answer: CueAnswer, cue: PhishingCue, url: string) {
    super(FairleadCueAnswerEvent.type, { bubbles: true, composed: true });
    this.answer = answer;
    this.cue = cue;
    this.url = url;
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-navigate": FairleadNavigateEvent;
    "fairlead-search": FairleadSearchEvent;
    "fairlead-forget-visit": FairleadForgetVisitEvent;
    "fairlead-reload": FairleadReloadEvent;
    "fairlead-stop": FairleadStopEvent;
    "fairlead-show-certificate": FairleadShowCertificateEvent;
    "fairlead-cue-answer": FairleadCueAnswerEvent;
  }
}
