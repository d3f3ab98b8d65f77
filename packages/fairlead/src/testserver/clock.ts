import { ArgumentsError, parseArguments } from "../arguments.ts";
import { exitCodes } from "../exit-codes.ts";
import type { TestServerAction } from "./action.ts";
import { controlOptions, findControl } from "./control-client.ts";

const specification = {
  options: { ...controlOptions, json: { type: "flag" } },
  positionals: ["[TIME]"],
} as const;

/** Tells or puts the time of a network that runs elsewhere. */
export const clock: TestServerAction = async (args, surroundings) => {
  // A step back looks like an option.
  const step = args.find((arg) => stepForm.test(arg));
  const { options, positionals } = parseArguments(
    specification,
    args.filter((arg) => arg !== step),
  );
  const [time = step] = positionals;
  if (step !== undefined && time !== step) throw new ArgumentsError("clock takes a date or a step, not both");
  const change = time === undefined ? undefined : parseChange(time);
  const client = await findControl(options, surroundings);
  const answer = await (change === undefined ? client.ask("GET", "/clock") : client.ask("PUT", "/clock", change));
  const { now, offsetSeconds } = answer as { readonly now: string; readonly offsetSeconds: number };
  const { stdout } = surroundings;
  if (options.json) stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
  else stdout.write(`${now}${offsetSeconds === 0 ? "" : ` (${describeOffset(offsetSeconds)})`}\n`);
  return exitCodes.ok.code;
};

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 };

const stepForm = /^([+-])(\d{1,9})([smhdy])$/;

function parseChange(text: string): Readonly<Record<string, unknown>> {
  if (text === "system") return { now: null };
  const [, sign, amount = "", unit = ""] = stepForm.exec(text) ?? [];
  if (sign !== undefined) {
    return { advanceSeconds: (sign === "-" ? -1 : 1) * Number(amount) * (unitSeconds[unit] ?? 0) };
  }
  if (/^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))) return { now: new Date(text).toISOString() };
  throw new ArgumentsError(
    `clock takes a date, a step such as +90d, -1h, +30s, or system, not ${JSON.stringify(text)}`,
  );
}

function describeOffset(seconds: number): string {
  const ahead = Math.abs(seconds);
  const days = Math.round(ahead / 8_640) / 10;
  return `${ahead < 172_800 ? `${Math.round(ahead)} s` : `${days} days`} ${seconds < 0 ? "behind" : "ahead of"} the system`;
}
