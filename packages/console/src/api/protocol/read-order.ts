import { UsageError } from "@fairlead/core";
import type { DownloadOrder, FaultOrder, FetchOrder, QuestionAnswer, RepeatedFetch } from "../../protocol/index.ts";

/**
 * Reads what the page orders: the members that an order has, with what they may be, and nothing else of what came.
 */

/** Characters of a name, a password. */
const WORD_LIMIT = 4_096;
const URL_LIMIT = 65_536;
const FIELDS_LIMIT = 200;
const VALUES_LIMIT = 20;

/** @throws UsageError OPTION_INVALID */
export function readFetchOrder(json: unknown): FetchOrder {
  const { url, method, fields, body, repeat } = members(json);
  if (repeat !== undefined) return readRepeat(repeat);
  return {
    url: text(url, "url", URL_LIMIT),
    ...(method !== undefined && { method: text(method, "method", 64) }),
    ...(fields !== undefined && { fields: readFields(fields) }),
    ...(body !== undefined && { body: text(body, "body", Number.POSITIVE_INFINITY) }),
  };
}

/** @throws UsageError OPTION_INVALID */
export function readDownloadOrder(json: unknown): DownloadOrder {
  const { url, repeat, fileName } = members(json);
  return {
    ...(repeat === undefined ? { url: text(url, "url", URL_LIMIT) } : readRepeat(repeat)),
    ...(fileName !== undefined && { fileName: text(fileName, "fileName", WORD_LIMIT) }),
  };
}

/** @throws UsageError OPTION_INVALID */
export function readFaultOrder(json: unknown): FaultOrder {
  const { type, service, values } = members(json);
  return {
    type: text(type, "type", 64),
    ...(service !== undefined && { service: text(service, "service", 128) }),
    ...(values !== undefined && { values: readValues(values) }),
  };
}

/** @throws UsageError OPTION_INVALID */
export function readAnswer(json: unknown): QuestionAnswer {
  const answer = members(json);
  const remember = (): boolean => flag(answer["remember"], "remember");
  switch (answer["type"]) {
    case "credentials": {
      const username = text(answer["username"], "username", WORD_LIMIT);
      return {
        type: "credentials",
        username,
        password: text(answer["password"], "password", WORD_LIMIT),
        remember: lifetime(answer["remember"]),
      };
    }
    case "identity":
      return { type: "identity", fingerprint: text(answer["fingerprint"], "fingerprint", 128), remember: remember() };
    case "accept":
      return { type: "accept", remember: remember() };
    case "refuse":
      return { type: "refuse" };
    default:
      throw invalid("type");
  }
}

type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object. @throws UsageError OPTION_INVALID for any other value. */
export function members(json: unknown): Members {
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw invalid("body");
  // An object of JSON has names that are strings.
  return json as Members;
}

function readRepeat(repeat: unknown): RepeatedFetch {
  if (!Number.isSafeInteger(repeat)) throw invalid("repeat");
  // It is one, as was just seen.
  return { repeat: repeat as number };
}

function readFields(json: unknown): readonly (readonly [string, string])[] {
  if (!Array.isArray(json) || json.length > FIELDS_LIMIT) throw invalid("fields");
  return json.map((pair: unknown) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw invalid("fields");
    return [text(pair[0], "fields", WORD_LIMIT), text(pair[1], "fields", URL_LIMIT)] as const;
  });
}

function readValues(json: unknown): Readonly<Record<string, number>> {
  const entries = Object.entries(members(json));
  if (entries.length > VALUES_LIMIT) throw invalid("values");
  return Object.fromEntries(
    entries.map(([name, value]) => {
      if (typeof value !== "number" || !/^[a-zA-Z]{1,64}$/.test(name) || name === "type") throw invalid("values");
      return [name, value] as const;
    }),
  );
}

function text(value: unknown, name: string, limit: number): string {
  if (typeof value !== "string" || value.length > limit) throw invalid(name);
  return value;
}

function flag(value: unknown, name: string): boolean {
  if (typeof value !== "boolean") throw invalid(name);
  return value;
}

function lifetime(value: unknown): "once" | "memory" | "store" {
  if (value === "once" || value === "memory" || value === "store") return value;
  throw invalid("remember");
}

function invalid(detail: string): UsageError {
  return new UsageError("OPTION_INVALID", { operation: "read order", detail });
}
