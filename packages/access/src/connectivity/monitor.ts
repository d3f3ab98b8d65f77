import {
  addressesKey,
  decideConnectivity,
  hasUsableAddress,
  hintGapMilliseconds,
  nextCheckMilliseconds,
  type CaptivePortal,
  type ConnectivityFindings,
  type ConnectivityHint,
  type ConnectivityState,
  type NetworkInterfaces,
} from "@fairlead/http/connectivity";
import type { Check } from "./checks.ts";
import type { Alarm, ConnectivityClock } from "./clock.ts";
import type { ConnectivityCause } from "./connectivity-change.ts";

/** What a monitor works with. */
export interface MonitorParts {
  /** `undefined` where the system does not tell. */
  readonly interfaces: () => NetworkInterfaces | undefined;
  /** `undefined` where there is nothing to ask: then there is no more than `offline` and `local`. */
  readonly check: Check | undefined;
  readonly clock: ConnectivityClock;
  /** Whether anybody still listens or waits; asked at each look. */
  readonly isWanted: () => boolean;
  /** Told of each finding, a new one or not. */
  readonly onFound: (found: Found) => void;
}

/** What was found, and what was known before. */
export interface Found {
  readonly state: ConnectivityState;
  readonly previous: ConnectivityState;
  readonly cause: ConnectivityCause;
  readonly isNewUrl: boolean;
}

const NEVER = Number.NEGATIVE_INFINITY;

/** How often the interfaces are looked at while somebody listens or waits; a look takes a tenth of a millisecond. */
const LOOK_MILLISECONDS = 3_000;
/** A look that comes later than that was slept through. */
const SLEPT_MILLISECONDS = 15_000;
/** The least time between two checks that nobody asked for. */
const GAP_MILLISECONDS = 1_000;
/** For how long a verdict counts when nobody has watched since. */
const FRESH_MILLISECONDS = 30_000;

/**
 * Knows the state, and finds out anew when there is a cause: looks at the interfaces, and has checks made, one at a time and
 * not too often.
 */
export class ConnectivityMonitor {
  readonly #parts: MonitorParts;
  readonly #ending = new AbortController();
  #state: ConnectivityState | undefined;
  #portal: CaptivePortal | undefined;
  #addresses = "";
  #isWatching = false;
  #running: Promise<ConnectivityState> | undefined;
  #startedAt = NEVER;
  /** Until when the state was certain; `NEVER` for a verdict that is of another network, or for none. */
  #knownAt = NEVER;
  #sameInARow = 0;
  #fruitlessHints = 0;
  /** Until when the probe's server asked to be left alone. */
  #retryAt = NEVER;
  #look: Alarm | undefined;
  #next: { readonly at: number; readonly alarm: Alarm } | undefined;

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  /** The latest finding. While nobody watches, the interfaces are looked at anew. */
  get state(): ConnectivityState {
    return this.#isWatching ? (this.#state ?? "local") : this.#lookNow();
  }

  get portal(): CaptivePortal | undefined {
    return this.state === "offline" ? undefined : this.#portal;
  }

  get canCheck(): boolean {
    return this.#parts.check !== undefined;
  }

  /** Whether the state is known as of now, and not as of a check in a past that nobody watched. */
  get isFresh(): boolean {
    const { state } = this;
    if (state === "offline" || state === "local") return true;
    const age = this.#parts.clock.monotonic() - this.#knownAt;
    return age < (this.#isWatching ? Number.POSITIVE_INFINITY : FRESH_MILLISECONDS);
  }

  /** Finds out now; concurrent callers share one check. @throws the reason of the end. */
  check(cause: ConnectivityCause): Promise<ConnectivityState> {
    this.#ending.signal.throwIfAborted();
    // It begins when it is known to run: what it finds at once is told to listeners, who may ask for another.
    return (this.#running ??= Promise.resolve()
      .then(() => this.#check(cause))
      .finally(() => {
        this.#running = undefined;
      }));
  }

  /** Keeps finding out, for as long as somebody wants it. */
  watch(): void {
    if (this.#isWatching || this.#ending.signal.aborted) return;
    const { isFresh } = this;
    if (!isFresh) this.#knownAt = NEVER;
    this.#isWatching = true;
    let lookedAt = this.#parts.clock.wall();
    const look = (): void => {
      if (!this.#parts.isWanted()) {
        this.rest();
        return;
      }
      const now = this.#parts.clock.wall();
      const slept = now - lookedAt - LOOK_MILLISECONDS > SLEPT_MILLISECONDS;
      lookedAt = now;
      this.#look = this.#parts.clock.after(LOOK_MILLISECONDS, look);
      this.#lookNow();
      if (slept) this.#anew("resume");
    };
    this.#look = this.#parts.clock.after(LOOK_MILLISECONDS, look);
    // What is under way plans what follows it.
    if (this.#running !== undefined) return;
    if (!isFresh || this.#state === "local") this.#plan(0, "asked");
    else this.#planNext(undefined);
  }

  /** Finds out no longer by itself. */
  rest(): void {
    if (this.#isWatching && this.#knownAt !== NEVER) this.#knownAt = this.#parts.clock.monotonic();
    this.#isWatching = false;
    this.#look?.clear();
    this.#planNothing();
  }

  /** Something happened that may be the network's doing. */
  hint(hint: ConnectivityHint): void {
    const earliest = this.#startedAt + hintGapMilliseconds(this.#fruitlessHints);
    this.#plan(earliest - this.#parts.clock.monotonic(), hint);
  }

  /** Ends all, a check that is under way included. */
  end(reason: Error): void {
    this.rest();
    this.#ending.abort(reason);
  }

  async #check(cause: ConnectivityCause): Promise<ConnectivityState> {
    const { clock, check } = this.#parts;
    const state = this.#lookNow();
    // What the look has planned is this check.
    this.#planNothing();
    if (state === "offline" || check === undefined) {
      this.#enter(state, cause);
      return state;
    }
    const addresses = this.#addresses;
    this.#startedAt = clock.monotonic();
    const findings = await this.#ask(check);
    this.#lookNow();
    // What was found out is about a network that is not there any more.
    if (this.#addresses !== addresses) return this.#state ?? "local";
    return this.#learn(findings, cause);
  }

  async #ask(check: Check): Promise<ConnectivityFindings> {
    try {
      const findings = await check(this.#ending.signal);
      this.#ending.signal.throwIfAborted();
      return findings;
    } catch (error) {
      // A function of the application's has failed, which may do better the next time; or all has ended.
      this.#sameInARow += 1;
      this.#planNext(undefined);
      throw error;
    }
  }

  #learn(findings: ConnectivityFindings, cause: ConnectivityCause): ConnectivityState {
    const { state, portal } = decideConnectivity(findings);
    const now = this.#parts.clock.monotonic();
    const isSame = state === this.#state;
    this.#sameInARow = isSame ? this.#sameInARow + 1 : 1;
    if (!isSame) this.#fruitlessHints = 0;
    else if (isHint(cause)) this.#fruitlessHints += 1;
    this.#knownAt = now;
    this.#retryAt = NEVER;
    const asked = findings.probe?.type === "none" ? findings.probe.retryAfterMilliseconds : undefined;
    const wait = this.#planNext(asked, state, portal);
    if (asked !== undefined && wait !== undefined) this.#retryAt = now + wait;
    this.#enter(state, cause, portal);
    return state;
  }

  #planNext(
    retryAfterMilliseconds: number | undefined,
    state = this.#state ?? "local",
    portal = this.#portal,
  ): number | undefined {
    const { secondsRemaining } = portal ?? {};
    const history = { state, sameInARow: this.#sameInARow, retryAfterMilliseconds, secondsRemaining };
    const wait = nextCheckMilliseconds(history, this.#parts.clock.random());
    if (wait !== undefined) this.#plan(wait, state === "online" ? "session-end" : "schedule");
    return wait;
  }

  /** Has a check made after a while, unless there is to be one before. */
  #plan(milliseconds: number, cause: ConnectivityCause): void {
    if (!this.#isWatching || this.#parts.check === undefined || this.#state === "offline") return;
    const { clock } = this.#parts;
    const now = clock.monotonic();
    const at = Math.max(now + milliseconds, this.#startedAt + GAP_MILLISECONDS, this.#retryAt, now);
    if (this.#next !== undefined && this.#next.at <= at) return;
    this.#next?.alarm.clear();
    const alarm = clock.after(at - now, () => {
      this.#next = undefined;
      // What it fails with is said to whoever asks.
      this.check(cause).catch(() => undefined);
    });
    this.#next = { at, alarm };
  }

  #planNothing(): void {
    this.#next?.alarm.clear();
    this.#next = undefined;
  }

  /** What was known, and what was to be waited for, is of another network. */
  #anew(cause: ConnectivityCause): void {
    this.#planNothing();
    this.#sameInARow = 0;
    this.#fruitlessHints = 0;
    this.#retryAt = NEVER;
    this.#plan(0, cause);
  }

  #lookNow(): ConnectivityState {
    const interfaces = this.#parts.interfaces();
    const addresses = interfaces === undefined ? "" : addressesKey(interfaces);
    const state = this.#state;
    if (state !== undefined && addresses === this.#addresses) return state;
    this.#addresses = addresses;
    this.#knownAt = NEVER;
    if (interfaces !== undefined && !hasUsableAddress(interfaces)) this.#enter("offline", "interfaces");
    // Who watches hears of the check that follows; a verdict that nobody looks at again is none.
    else if (state === undefined || state === "offline" || !this.#isWatching) this.#enter("local", "interfaces");
    this.#anew("interfaces");
    return this.#state ?? "local";
  }

  #enter(state: ConnectivityState, cause: ConnectivityCause, portal?: CaptivePortal): void {
    const previous = this.#state ?? state;
    const isNewUrl = portal?.url !== this.#portal?.url;
    this.#state = state;
    this.#portal = portal;
    this.#parts.onFound({ state, previous, cause, isNewUrl });
  }
}

function isHint(cause: ConnectivityCause): boolean {
  switch (cause) {
    case "name-mismatch":
    case "slow-handshake":
    case "unreachable":
      return true;
    case "asked":
    case "interfaces":
    case "schedule":
    case "session-end":
    case "resume":
      return false;
  }
}
