import type { EnteredCredentials } from "./rules/credential-question.ts";

/** A person says who they are. The element has forgotten it when this is dispatched: whoever takes it has the only copy. */
export class FairleadSignInEvent extends Event {
  static readonly type = "fairlead-sign-in";

  readonly credentials: EnteredCredentials;

  constructor(credentials: EnteredCredentials) {
    super(FairleadSignInEvent.type, { bubbles: true, composed: true });
    this.credentials = credentials;
  }
}

/** A person does not want to say who they are. */
export class FairleadSignInCancelEvent extends Event {
  static readonly type = "fairlead-sign-in-cancel";

  constructor() {
    super(FairleadSignInCancelEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-sign-in": FairleadSignInEvent;
    "fairlead-sign-in-cancel": FairleadSignInCancelEvent;
  }
}
