import { isCodedError, UsageError } from "@fairlead/core";
import { unsupported, type TlsBackend, type TlsCapabilities, type TlsFeature } from "@fairlead/tls";
import { nodeTls } from "@fairlead/tls/node";
import type { TlsSettings } from "../options.ts";

/** The backend of a manager, and why it is this one. */
export interface BackendChoice {
  readonly backend: TlsBackend;
  /** For people, without a full stop. */
  readonly reason: string;
}

/**
 * Chooses the backend: the one that is named, else the first candidate that is there and can do all that the options
 * need, else `node:tls`.
 *
 * @throws TlsError TLS_OPTION_UNSUPPORTED when the named one, or every candidate, cannot; what the last candidate could
 * not be loaded with, when none is there; UsageError OPTION_INVALID for both options at once, or an empty list.
 */
export async function chooseBackend(settings: TlsSettings): Promise<BackendChoice> {
  const { backend, backends } = settings;
  const needed = neededFeatures(settings);
  if (backends !== undefined) {
    if (backend === undefined && backends.length > 0) return firstAble(backends, needed);
    throw new UsageError("OPTION_INVALID", { detail: "tls.backends", remedy: "give one backend, or a list of some" });
  }
  const chosen = backend ?? nodeTls;
  const lacking = await firstLacking(chosen, needed);
  if (lacking !== undefined) throw unsupported(chosen.name, lacking.option, lacking.feature);
  return { backend: chosen, reason: backend === undefined ? "the default" : "named by the application" };
}

interface Need {
  readonly feature: TlsFeature;
  readonly capability: keyof TlsCapabilities;
  readonly option: string;
}

function neededFeatures({ dangerous, earlyData }: TlsSettings): readonly Need[] {
  const needed: Need[] = [];
  if (dangerous?.onKeyLog !== undefined) {
    needed.push({ feature: "key-log", capability: "keyLog", option: "tls.dangerous.onKeyLog" });
  }
  if (earlyData === true) needed.push({ feature: "early-data", capability: "earlyData", option: "tls.earlyData" });
  return needed;
}

/** The first of the needs that the library on this machine does not meet. It is tried only when there are any. */
async function firstLacking(backend: TlsBackend, needed: readonly Need[]): Promise<Need | undefined> {
  if (needed.length === 0) return undefined;
  const capabilities = await backend.capabilities();
  return needed.find(({ capability }) => capabilities[capability] !== true);
}

async function firstAble(
  candidates: NonNullable<TlsSettings["backends"]>,
  needed: readonly Need[],
): Promise<BackendChoice> {
  const passedOver: string[] = [];
  let failure: unknown;
  for (const candidate of candidates) {
    let backend: TlsBackend;
    try {
      backend = typeof candidate === "function" ? await candidate() : candidate;
    } catch (error) {
      if (!isCodedError(error) || error.code !== "TLS_LIBRARY_UNAVAILABLE") throw error;
      failure = error;
      passedOver.push("one is not there");
      continue;
    }
    const lacking = await firstLacking(backend, needed);
    if (lacking === undefined) return { backend, reason: describeChoice(needed, passedOver) };
    failure = unsupported(backend.name, lacking.option, lacking.feature);
    passedOver.push(`${backend.name} cannot do ${lacking.feature}`);
  }
  throw failure;
}

function describeChoice(needed: readonly Need[], passedOver: readonly string[]): string {
  const able = needed.length === 0 ? "that is there" : `that can do ${needed.map(({ feature }) => feature).join(", ")}`;
  return ["the first candidate", able, ...(passedOver.length === 0 ? [] : [`(${passedOver.join("; ")})`])].join(" ");
}
