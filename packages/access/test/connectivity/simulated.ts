import type { ConnectivityFindings, NetworkInterfaces, ProbeVerdict } from "@fairlead/http/connectivity";
import type { Alarm, ConnectivityClock } from "../../src/connectivity/clock.ts";
import type { ConnectivityChange } from "../../src/connectivity/connectivity-change.ts";
import { Connectivity } from "../../src/connectivity/connectivity.ts";
import { ConnectivityHints } from "../../src/connectivity/hints.ts";
import { connectivitySettings } from "../../src/connectivity/options.ts";
import { CONNECTED } from "./connected.ts";

/** A clock that goes when it is told to, and fires what waits for it in order. */
export class SimulatedClock implements ConnectivityClock {
  now = 0;
  /** How far the wall clock is ahead of the other one. */
  slept = 0;
  readonly #alarms = new Set<{ readonly at: number; readonly callback: () => void }>();

  monotonic(): number {
    return this.now;
  }

  wall(): number {
    return 1_795_262_400_000 + this.now + this.slept;
  }

  random(): number {
    return 0;
  }

  after(milliseconds: number, callback: () => void): Alarm {
    const alarm = { at: this.now + Math.max(0, milliseconds), callback };
    this.#alarms.add(alarm);
    return { clear: () => void this.#alarms.delete(alarm) };
  }

  /** Alarms that are set. */
  get waiting(): number {
    return this.#alarms.size;
  }

  /** Goes on, and lets what is fired come to its end before the next is. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    await settled();
    for (;;) {
      const [next] = [...this.#alarms].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#alarms.delete(next);
      this.now = Math.max(this.now, next.at);
      next.callback();
      await settled();
    }
    this.now = end;
  }
}

/** All that was begun has come to its end, where nothing but promises is waited for. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

export const ONLINE: ProbeVerdict = { type: "online" };
export const PORTAL: ProbeVerdict = { type: "portal", portalUrl: "http://portal.example/", source: "redirect" };
export const NOTHING: ProbeVerdict = { type: "none", retryAfterMilliseconds: undefined };

/** Connectivity in a world where everything is as a test says. */
export interface SimulatedWorld {
  readonly connectivity: Connectivity;
  readonly clock: SimulatedClock;
  readonly hints: ConnectivityHints;
  /** What the next checks find. */
  findings: ConnectivityFindings;
  /** Takes the place of `findings`. */
  answer: ((signal: AbortSignal) => Promise<ConnectivityFindings>) | undefined;
  interfaces: NetworkInterfaces;
  /** When checks were made. */
  readonly checks: readonly number[];
  /** `previous→state cause`, in order, once a listener listens. */
  readonly changes: readonly string[];
  listen(): (event: ConnectivityChange) => void;
}

/** Makes one. */
export function simulatedWorld(probe: ProbeVerdict | "nothing to ask" = ONLINE): SimulatedWorld {
  const clock = new SimulatedClock();
  const hints = new ConnectivityHints();
  const checks: number[] = [];
  const changes: string[] = [];
  const settings = connectivitySettings({ interfaces: () => world.interfaces });
  const check = async (signal: AbortSignal): Promise<ConnectivityFindings> => {
    checks.push(clock.now);
    return world.answer === undefined ? Promise.resolve(world.findings) : world.answer(signal);
  };
  const connectivity = new Connectivity({
    settings,
    check: probe === "nothing to ask" ? undefined : check,
    hints,
    clock,
  });
  const world: SimulatedWorld = {
    connectivity,
    clock,
    hints,
    findings: { probe: probe === "nothing to ask" ? undefined : probe, api: undefined },
    answer: undefined,
    interfaces: CONNECTED,
    checks,
    changes,
    listen: () => {
      const listener = ({ state, previous, cause, portalUrl }: ConnectivityChange): void => {
        changes.push([`${previous}→${state}`, cause, ...(portalUrl === undefined ? [] : [portalUrl])].join(" "));
      };
      connectivity.addEventListener("change", listener);
      return listener;
    },
  };
  return world;
}
