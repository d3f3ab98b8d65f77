import { readFile } from "node:fs/promises";
import type { CoapClient, CoapMethod, CoapReply, CoapRequestOptions } from "@fairlead/iot/coap";
import { ArgumentsError, parseArguments } from "../arguments.ts";
import type { Surroundings } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { FileError } from "../file-error.ts";
import { openClient, securityOptions } from "./client.ts";
import { contentFormatOf, countOf, secondsOf } from "./values.ts";
import { describeReply, replyJson } from "./reply-page.ts";

/** What one request, or an observation, is asked by. */
export type AskAction = "get" | "put" | "post" | "delete" | "fetch" | "patch" | "ipatch" | "observe";

const specification = {
  options: {
    data: { type: "value", short: "d" },
    format: { type: "value" },
    accept: { type: "value" },
    non: { type: "flag" },
    count: { type: "value", short: "n" },
    timeout: { type: "value" },
    ...securityOptions,
    json: { type: "flag" },
  },
  positionals: ["URL"],
} as const;

const methods = {
  ...{ get: "GET", put: "PUT", post: "POST", delete: "DELETE", fetch: "FETCH", patch: "PATCH", ipatch: "iPATCH" },
} as const satisfies Record<Exclude<AskAction, "observe">, CoapMethod>;

/** Asks a device once, or observes it. */
export async function askDevice(
  action: AskAction,
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { options, positionals } = parseArguments(specification, args);
  const [url = ""] = positionals;
  const { data, format, accept, non, json, count } = options;
  if (count !== undefined && action !== "observe") throw new ArgumentsError(`${action} takes no --count; observe does`);
  if (data !== undefined && action === "observe") throw new ArgumentsError("observe takes no --data");
  const said: CoapRequestOptions = {
    body: data === undefined ? undefined : await bodyOf(data),
    contentFormat: format === undefined ? undefined : contentFormatOf("--format", format),
    accept: accept === undefined ? undefined : contentFormatOf("--accept", accept),
    delivery: non ? "non-confirmable" : undefined,
    timeoutMilliseconds: secondsOf(options.timeout),
    signal: surroundings.signal,
  };
  const limit = count === undefined ? Number.POSITIVE_INFINITY : countOf(count);
  await using opened = await openClient(url, options, surroundings);
  const { client } = opened;
  if (action === "observe") return await observe(client, url, { ...said, limit, json }, surroundings);
  const reply = await client.request(methods[action], url, said);
  return tell(reply, json, surroundings);
}

async function observe(
  client: CoapClient,
  url: string,
  { limit, json, ...said }: CoapRequestOptions & { readonly limit: number; readonly json: boolean },
  { stdout }: Surroundings,
): Promise<number> {
  let left = limit;
  for await (const reply of client.observe(url, said)) {
    stdout.write(json ? `${replyJson(reply, 0)}\n` : `${describeReply(reply)}\n`);
    left -= 1;
    if (left <= 0) break;
  }
  return exitCodes.ok.code;
}

function tell(reply: CoapReply, json: boolean, { stdout, stderr }: Surroundings): number {
  if (json) stdout.write(`${replyJson(reply, 2)}\n`);
  else {
    stderr.write(`${reply.code} ${reply.name ?? ""}`.trim().concat("\n"));
    if (stdout.isTTY === true) stdout.write(reply.payload.length === 0 ? "" : `${describeReply(reply)}\n`);
    else stdout.write(reply.payload);
  }
  return reply.ok ? exitCodes.ok.code : exitCodes.status.code;
}

async function bodyOf(data: string): Promise<string | Uint8Array> {
  if (!data.startsWith("@")) return data;
  const file = data.slice(1);
  try {
    return await readFile(file);
  } catch (cause) {
    throw new FileError(`read ${file}`, cause);
  }
}
