/** A person wants to sign in to the network. The host opens the page, in a browser of its own. */
export class FairleadOpenPortalEvent extends Event {
  static readonly type = "fairlead-open-portal";

  constructor() {
    super(FairleadOpenPortalEvent.type, { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    "fairlead-open-portal": FairleadOpenPortalEvent;
  }
}
