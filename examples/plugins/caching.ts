import {
  decideReuse,
  decideStorage,
  invalidatedUrls,
  type CacheRequest,
  type FieldLines,
  type StoredResponse,
} from "@fairlead/http/cache";
import { LeanResponse, responseParts, type BodySource, type FlatFields, type Plugin } from "@fairlead/server";

/** How much is kept. */
export interface CachingOptions {
  /** Octets of content in all; what was not used for the longest time goes first. 16 MiB by default. */
  readonly bytes?: number;
  /** Octets of one content. 1 MiB by default. */
  readonly entryBytes?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

interface Entry extends StoredResponse {
  readonly content: Buffer;
}

/** Keeps answers in memory and gives them again, as a shared cache may. RFC 9111. */
export function caching({ bytes = 16 << 20, entryBytes = 1 << 20, now = Date.now }: CachingOptions = {}): Plugin {
  /** By URL, the one that was used last at the end. */
  const entries = new Map<string, readonly Entry[]>();
  let held = 0;

  const set = (url: string, stored: readonly Entry[]): void => {
    held += size(stored) - size(entries.get(url) ?? []);
    entries.delete(url);
    if (stored.length > 0) entries.set(url, stored);
    for (const [oldest, its] of entries) {
      if (held <= bytes) return;
      entries.delete(oldest);
      held -= size(its);
    }
  };
  const store = (request: CacheRequest, response: StoredResponse, content: Buffer): void => {
    const url = request.url.href;
    // Another one for the same request takes its place.
    const key = JSON.stringify(response.selectingFields);
    const others = (entries.get(url) ?? []).filter((each) => JSON.stringify(each.selectingFields) !== key);
    set(url, [...others, { ...response, content }]);
  };

  return {
    name: "caching",
    request(request, context) {
      const asked = cacheRequest(request, context.connection.tls?.client !== undefined);
      const url = asked.url.href;
      const stored = entries.get(url) ?? [];
      const decision = decideReuse(asked, stored, { type: "shared", mode: "default", now: now() });
      if (decision.type === "gateway-timeout") return new LeanResponse("Gateway Timeout\n", { status: 504 });
      // Whoever is behind this is near: asking it whether something still holds costs as much as asking it again.
      if (decision.type !== "use" || decision.refresh) return undefined;
      set(url, stored);
      const fields = decision.stored.fields.filter(([name]) => name !== "age").flat();
      fields.push("age", String(Math.floor(decision.ageSeconds)));
      return new LeanResponse(decision.stored.content, { status: decision.stored.status, fields });
    },
    response(response, request, context) {
      const parts = responseParts(response);
      const asked = cacheRequest(request, context.connection.tls?.client !== undefined);
      const time = now();
      const came = { status: parts.status, fields: lines(parts.fields), requestTime: time, responseTime: time };
      for (const { href } of invalidatedUrls(asked, came)) set(href, []);
      const decision = decideStorage(asked, came, "shared");
      if (decision.type === "refuse" || parts.status === 206) return new LeanResponse(parts.content ?? null, parts);
      const keep = (content: Buffer): void => store(asked, decision.response, content);
      const { content } = parts;
      if (typeof content === "object" && "read" in content) {
        return new LeanResponse(recording(content, entryBytes, keep), parts);
      }
      if ((content?.length ?? 0) <= entryBytes) keep(Buffer.from(content ?? ""));
      return new LeanResponse(content ?? null, parts);
    },
  };
}

/** Content that is kept when all of it has passed, if that is not too much. */
function recording(content: BodySource, limit: number, keep: (content: Buffer) => void): BodySource {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    length: content.length,
    get trailers() {
      return content.trailers;
    },
    async read() {
      const piece = await content.read();
      length += piece?.length ?? 0;
      if (length > limit) pieces.length = 0;
      else if (piece === undefined) keep(Buffer.concat(pieces));
      else pieces.push(Uint8Array.from(piece));
      return piece;
    },
    cancel: (reason) => {
      content.cancel(reason);
    },
  };
}

function cacheRequest({ method, url, headers }: Request, isAuthenticated: boolean): CacheRequest {
  return { method, url: new URL(url), fields: [...headers], isAuthenticated };
}

function lines(fields: FlatFields): FieldLines {
  return fields.flatMap((part, at) => (at % 2 === 0 ? [[part, fields[at + 1] ?? ""] as const] : []));
}

function size(stored: readonly Entry[]): number {
  // A head takes some, too.
  return stored.reduce((sum, { content }) => sum + content.length + 1_024, 0);
}
