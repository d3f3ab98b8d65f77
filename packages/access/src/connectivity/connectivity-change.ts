import type { ConnectivityHint, ConnectivityState } from "@fairlead/http/connectivity";

/** What made a check, or a look at the interfaces, find something new. */
export type ConnectivityCause =
  /** Somebody called `check()`, or began to listen or to wait. */
  | "asked"
  | "interfaces"
  /** The wait after the check before was over. */
  | "schedule"
  /** The session at a captive portal was to end. */
  | "session-end"
  /** The machine, or the process, slept. */
  | "resume"
  /** What the manager's own connections met with. */
  | ConnectivityHint;

/** Another state, or another captive portal's URL. */
export class ConnectivityChange extends Event {
  readonly state: ConnectivityState;
  /** The state before; the same when only the URL is new. */
  readonly previous: ConnectivityState;
  readonly cause: ConnectivityCause;
  /** Where users satisfy the captive portal; `undefined` when there is none, or it does not say. */
  readonly portalUrl: string | undefined;

  /** @internal */
  constructor(facts: Pick<ConnectivityChange, "state" | "previous" | "cause" | "portalUrl">) {
    super("change");
    this.state = facts.state;
    this.previous = facts.previous;
    this.cause = facts.cause;
    this.portalUrl = facts.portalUrl;
  }
}
