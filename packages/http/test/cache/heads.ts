import type { CacheRequest, CacheResponse, FieldLines, StoredResponse } from "../../src/cache/index.ts";
import { decideStorage, formatHttpDate } from "../../src/cache/index.ts";

/** When the responses of these tests arrive. */
export const then = Date.UTC(2026, 0, 1);

/** Reads `name: value` lines. */
export function fields(...lines: readonly string[]): FieldLines {
  return lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
}

/** A request for the one resource of these tests. */
export function asking(method: string, ...lines: readonly string[]): CacheRequest {
  return { method, url: new URL("https://a.example/thing"), fields: fields(...lines) };
}

/** A response that was made when it arrived, unless its lines say otherwise. */
export function answering(status: number, ...lines: readonly string[]): CacheResponse {
  const dated = lines.some((line) => /^date:/i.test(line)) ? lines : [`Date: ${formatHttpDate(then)}`, ...lines];
  return { status, fields: fields(...dated), requestTime: then, responseTime: then };
}

/** What is kept of such a response to a GET; fails when nothing is. */
export function kept(response: CacheResponse, request = asking("GET")): StoredResponse {
  const decision = decideStorage(request, response, "private");
  if (decision.type === "refuse") throw new Error(`not stored: ${decision.reason}`);
  return decision.response;
}
