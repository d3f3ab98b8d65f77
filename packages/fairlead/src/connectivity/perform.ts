import {
  openNetworkAccessManager,
  type Connectivity,
  type ConnectivityChange,
  type ConnectivitySettings,
  type ConnectivityState,
} from "@fairlead/access";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { lookUpFirstIn } from "../get/resolve.ts";
import { readTrustAnchors } from "../get/trust-anchors.ts";
import { printableJson } from "../terminal/printable.ts";
import { paintFor } from "../terminal/style.ts";
import { formatConnectivity } from "./page.ts";

/** What `fairlead connectivity` was asked to do. */
export interface ConnectivityPlan {
  readonly probeUrl: URL | undefined;
  readonly apiUrl: URL | undefined;
  readonly timeoutMilliseconds: number;
  /** PEM file. */
  readonly anchorsFile: string | undefined;
  /** Addresses by host in lower case. */
  readonly addresses: ReadonlyMap<string, string>;
  readonly json: boolean;
  readonly watch: boolean;
}

/**
 * Carries out `fairlead connectivity`.
 *
 * @param interfaces those of this machine by default.
 * @returns the exit code.
 * @throws Interruption, which is how watching ends.
 */
export async function performConnectivity(
  plan: ConnectivityPlan,
  surroundings: Surroundings,
  interfaces?: ConnectivitySettings["interfaces"],
): Promise<number> {
  const { probeUrl, apiUrl, timeoutMilliseconds } = plan;
  const { signal } = surroundings;
  const trust = plan.anchorsFile === undefined ? undefined : await readTrustAnchors(plan.anchorsFile);
  const manager = await openNetworkAccessManager({
    lookup: lookUpFirstIn(plan.addresses),
    ...(trust && { tls: { trust } }),
    connectivity: {
      timeoutMilliseconds,
      ...(probeUrl && { probeUrl }),
      ...(apiUrl && { apiUrl }),
      ...(interfaces && { interfaces }),
    },
  });
  await using access = { manager, [Symbol.asyncDispose]: (): Promise<void> => manager.destroy() };
  const { connectivity } = access.manager;
  const canCheck = probeUrl !== undefined || apiUrl !== undefined;
  const state = canCheck ? await connectivity.check({ signal }) : connectivity.state;
  tellState(state, connectivity, plan, surroundings);
  if (!canCheck && state === "local" && !plan.json) {
    surroundings.stderr.write("nothing was asked: --probe-url or --api-url name somebody who can tell\n");
  }
  if (!plan.watch) return exitCodeFor(state);
  connectivity.addEventListener("change", (change) => {
    tellChange(change, connectivity, plan, surroundings);
  });
  return await interrupted(signal);
}

function exitCodeFor(state: ConnectivityState): number {
  switch (state) {
    case "online":
      return exitCodes.ok.code;
    case "portal":
      return exitCodes.portal.code;
    case "offline":
    case "local":
      return exitCodes.notOnline.code;
  }
}

function tellState(
  state: ConnectivityState,
  { portal }: Connectivity,
  { json, watch }: ConnectivityPlan,
  { stdout }: Surroundings,
): void {
  const text = json
    ? printableJson({ state, portal }, watch ? 0 : 2)
    : formatConnectivity(state, portal, paintFor(stdout)).join("\n");
  stdout.write(`${text}\n`);
}

function tellChange(
  { state, previous, cause }: ConnectivityChange,
  { portal }: Connectivity,
  { json }: ConnectivityPlan,
  { stdout }: Surroundings,
): void {
  const at = new Date().toISOString();
  const paint = paintFor(stdout);
  const text = json
    ? printableJson({ at, state, previous, cause, portal }, 0)
    : `${paint("aside", `${at} ${cause}`)}\n${formatConnectivity(state, portal, paint).join("\n")}`;
  stdout.write(`${text}\n`);
}

/** Nothing that watches keeps a process alive by itself. */
async function interrupted(signal: AbortSignal): Promise<never> {
  const alive = setInterval(() => undefined, 60_000);
  try {
    return await new Promise((_, reject) => {
      const end = (): void => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end, { once: true });
    });
  } finally {
    clearInterval(alive);
  }
}
