import { untilAborted } from "./until-aborted.ts";

/** Waits. @throws the reason of the signal that fires first. */
export async function pause(milliseconds: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  try {
    await untilAborted(signals, () => new Promise<void>((resolve) => (timer = setTimeout(resolve, milliseconds))));
  } finally {
    clearTimeout(timer);
  }
}
