import type { DispatchController } from "../dispatch.ts";

/** Stands in where no request was begun that could be paused or aborted. */
export const failedController: DispatchController = {
  aborted: true,
  paused: false,
  reason: null,
  rawHeaders: null,
  rawTrailers: null,
  pause: (): void => undefined,
  resume: (): void => undefined,
  abort: (): void => undefined,
};
