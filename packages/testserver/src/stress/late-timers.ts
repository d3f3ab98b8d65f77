/**
 * Is loaded by `node --import` before a command's own modules, and has its timers come late, by the seed in
 * `FAIRLEAD_LATE_TIMERS`. What came late is still in time as Node.js promises it.
 */
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers";
import timersPromises from "node:timers/promises";
import { timerLateness } from "./protocol/timer-lateness.ts";

const lateness = timerLateness(Number(process.env["FAIRLEAD_LATE_TIMERS"] ?? 0));
/** Node.js has a longer delay come after 1 ms. */
const longestMilliseconds = 2 ** 31 - 1;

function putUp(delay: unknown): number {
  const asked = Number(delay);
  const milliseconds = asked >= 1 && asked <= longestMilliseconds ? asked : 1;
  return Math.min(milliseconds + lateness(), longestMilliseconds);
}

const { setTimeout } = timers;
const { setTimeout: promisedTimeout } = timersPromises;

const lateTimeout = (callback: () => void, delay: unknown, ...rest: []): NodeJS.Timeout =>
  setTimeout(callback, putUp(delay), ...rest);
// `util.promisify` finds its way by one of them.
Object.defineProperties(lateTimeout, Object.getOwnPropertyDescriptors(setTimeout));

Object.assign(timers, { setTimeout: lateTimeout });
Object.assign(globalThis, { setTimeout: lateTimeout });
Object.assign(timersPromises, {
  setTimeout: (delay: unknown, ...rest: [value?: unknown, options?: object]) => promisedTimeout(putUp(delay), ...rest),
});
syncBuiltinESMExports();
