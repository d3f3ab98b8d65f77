import { UsageError, TimeoutError } from "@fairlead/core";
import type { CaptivePortal, ConnectivityState } from "@fairlead/http/connectivity";
import { getEventListeners } from "node:events";
import { LONGEST_MILLISECONDS, requireMilliseconds } from "../deadline.ts";
import type { Tenant } from "../tenants.ts";
import { untilAborted } from "../until-aborted.ts";
import type { Check } from "./checks.ts";
import { systemClock, type ConnectivityClock } from "./clock.ts";
import { ConnectivityChange } from "./connectivity-change.ts";
import type { ConnectivityHints } from "./hints.ts";
import { ConnectivityMonitor, type Found } from "./monitor.ts";
import type { CheckedSettings } from "./options.ts";

/** How long is waited for a state, and who may end the wait. */
export interface UntilOptions {
  readonly signal?: AbortSignal;
  /** For ever by default. */
  readonly timeoutMilliseconds?: number;
}

/** What connectivity is found out by. */
export interface ConnectivityParts {
  readonly settings: CheckedSettings;
  /** From `openCheck`. */
  readonly check: Check | undefined;
  readonly hints: ConnectivityHints;
  readonly clock?: ConnectivityClock;
}

/** Listens for changes: a function, or an object with `handleEvent`. */
export type ConnectivityListener =
  | ((event: ConnectivityChange) => void)
  | { readonly handleEvent: (event: ConnectivityChange) => void };

type AnyListener = Parameters<EventTarget["addEventListener"]>[1];
type AddOptions = Parameters<EventTarget["addEventListener"]>[2];
type RemoveOptions = Parameters<EventTarget["removeEventListener"]>[2];

interface Waiter {
  readonly wanted: ConnectivityState;
  readonly found: PromiseWithResolvers<undefined>;
}

/**
 * Whether there is an internet: {@link state}, `change` events, and what can be waited for. Nothing is asked of the network,
 * and no timer runs, before somebody listens, waits or checks, nor after the last one has stopped.
 *
 * A verdict is for showing and waiting. No decision about security depends on it.
 */
export class Connectivity extends EventTarget implements Tenant {
  readonly #monitor: ConnectivityMonitor;
  readonly #waiters = new Set<Waiter>();
  #ending: Error | undefined;

  /** @internal */
  constructor({ settings, check, hints, clock = systemClock }: ConnectivityParts) {
    super();
    this.#monitor = new ConnectivityMonitor({
      interfaces: () => {
        try {
          return settings.interfaces();
        } catch {
          // Some systems refuse.
          return undefined;
        }
      },
      check,
      clock,
      isWanted: () => this.#isWanted(),
      onFound: (found) => {
        this.#tell(found);
      },
    });
    hints.listen((hint) => {
      this.#monitor.hint(hint);
    });
  }

  /** What is known now: without a check, no more than `offline` and `local`. */
  get state(): ConnectivityState {
    return this.#monitor.state;
  }

  /** What is known of the network's captive portal; `undefined` where nobody says that there is one. */
  get portal(): CaptivePortal | undefined {
    return this.#monitor.portal;
  }

  /**
   * Finds out now; callers that come meanwhile share one check. What fails is no error but no verdict: `local`.
   *
   * @throws UsageError CONNECTIVITY_PROBE_MISSING where the manager has neither `probeUrl` nor `apiUrl`; MANAGER_CLOSED; or
   * the signal's reason.
   */
  async check({ signal }: Pick<UntilOptions, "signal"> = {}): Promise<ConnectivityState> {
    this.#requireOpen();
    this.#requireCheck("check");
    signal?.throwIfAborted();
    return await untilAborted([signal], () => this.#monitor.check("asked"));
  }

  /**
   * Waits for a state; while it does, it keeps finding out, and keeps the process alive.
   *
   * @throws TimeoutError with phase `online` for any state; UsageError CONNECTIVITY_PROBE_MISSING for `portal` and `online`
   * where nothing could tell them; MANAGER_CLOSED; or the signal's reason.
   */
  async until(wanted: ConnectivityState, { signal, timeoutMilliseconds }: UntilOptions = {}): Promise<void> {
    if (timeoutMilliseconds !== undefined) requireMilliseconds("timeoutMilliseconds", timeoutMilliseconds, 0);
    this.#requireOpen();
    if (wanted === "portal" || wanted === "online") this.#requireCheck("until");
    signal?.throwIfAborted();
    if (this.#monitor.isFresh && this.#monitor.state === wanted) return;

    const waiter: Waiter = { wanted, found: Promise.withResolvers() };
    const timer = setTimeout(() => {
      if (timeoutMilliseconds === undefined) return;
      waiter.found.reject(new TimeoutError("online", { operation: `wait for ${wanted}` }));
    }, timeoutMilliseconds ?? LONGEST_MILLISECONDS);
    this.#waiters.add(waiter);
    try {
      this.#monitor.watch();
      await untilAborted([signal], () => waiter.found.promise);
    } finally {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
      this.#restUnlessWanted();
    }
  }

  override addEventListener(type: "change", listener: ConnectivityListener | null, options?: AddOptions): void;
  override addEventListener(type: string, listener: AnyListener, options?: AddOptions): void;
  override addEventListener(type: string, listener: ConnectivityListener | AnyListener, options?: AddOptions): void {
    // Events of this type are of this class alone.
    super.addEventListener(type, listener as AnyListener, options);
    if (this.#ending === undefined && this.#isWanted()) this.#monitor.watch();
  }

  override removeEventListener(type: "change", listener: ConnectivityListener | null, options?: RemoveOptions): void;
  override removeEventListener(type: string, listener: AnyListener, options?: RemoveOptions): void;
  override removeEventListener(
    type: string,
    listener: ConnectivityListener | AnyListener,
    options?: RemoveOptions,
  ): void {
    super.removeEventListener(type, listener as AnyListener, options);
    this.#restUnlessWanted();
  }

  /** Ends with its manager; whoever waits is told. @internal */
  close(): Promise<void> {
    this.destroy(new UsageError("MANAGER_CLOSED", { operation: "connectivity" }));
    return Promise.resolve();
  }

  /** @internal */
  destroy(reason: Error): void {
    if (this.#ending !== undefined) return;
    this.#ending = reason;
    this.#monitor.end(reason);
    for (const { found } of this.#waiters) found.reject(reason);
  }

  #tell({ state, previous, cause, isNewUrl }: Found): void {
    for (const { wanted, found } of this.#waiters) if (wanted === state) found.resolve(undefined);
    if (state === previous && !(isNewUrl && state === "portal")) return;
    const portalUrl = state === "portal" ? this.#monitor.portal?.url : undefined;
    this.dispatchEvent(new ConnectivityChange({ state, previous, cause, portalUrl }));
  }

  #isWanted(): boolean {
    // A listener that is heard once, or for as long as a signal does not fire, goes without a word.
    return this.#waiters.size > 0 || getEventListeners(this, "change").length > 0;
  }

  #restUnlessWanted(): void {
    if (!this.#isWanted()) this.#monitor.rest();
  }

  #requireOpen(): void {
    if (this.#ending !== undefined) throw this.#ending;
  }

  #requireCheck(operation: string): void {
    if (!this.#monitor.canCheck) throw new UsageError("CONNECTIVITY_PROBE_MISSING", { operation });
  }
}
