import { ContentError, ServiceError, UsageError } from "@fairlead/core";
import { isWeakTag } from "@fairlead/http/conditional";
import type { RestClient } from "../client/call.ts";
import type { CallOptions } from "../client/options.ts";
import type { RestResponse } from "../client/rest-response.ts";
import { fieldRecord } from "../client/field-record.ts";
import { StatusError } from "../client/status-error.ts";
import type { OutputOf, Schema } from "../contract/schema.ts";
import { check } from "../contract/check.ts";
import { textAt, valueAt } from "./protocol/document-path.ts";
import { guardedChange, type WrittenVersion } from "./protocol/guarded-change.ts";
import { PATCH_TYPES, type PatchFormat } from "./protocol/patch-formats.ts";

/** How a resource is changed that others change, too. */
export interface UpdateOptions
  extends Pick<CallOptions, "headers" | "params" | "query" | "signal" | "timeout" | "authenticate"> {
  /**
   * Sends what differs as a patch of this format, and a strategic merge patch as `change` gives it; the whole resource, by
   * PUT, by default.
   */
  readonly patch?: PatchFormat;
  /**
   * Where the document says which version it is, for services that answer with 409 to any other: `metadata.resourceVersion`
   * of Kubernetes, `etag` of Google. It is sent along, whatever `change` makes of it. By default it is the `ETag` field that says so, and 412 that is answered.
   */
  readonly version?: string;
  /** What `change` is given where there is nothing yet; what it gives is then created, unless somebody was faster. */
  readonly initial?: unknown;
  /** Tries in all; 5 by default. */
  readonly attempts?: number;
}

/**
 * Reads a resource, changes it and writes it back, and does that again where somebody else has written meanwhile: nobody's
 * change is lost. Nothing is written where the service does not say which version it gave, and a write is never repeated by
 * itself, since an answer that got lost looks like somebody else's change.
 *
 * @param change the new state; `undefined` leaves it as it is. Called once for each try.
 * @returns the response to what was written; `undefined` where nothing was.
 * @throws StatusError when the last try found another version, too, and for any other status; ServiceError VERSION_UNKNOWN.
 * @example
 * await updateIfUnchanged(client, "carts/7", (cart) => ({ ...cart, items: [...cart.items, "tea"] }));
 * @see RFC 9110 section 13.1.1
 */
export async function updateIfUnchanged<S extends Schema>(
  client: RestClient,
  address: string | URL,
  change: (current: OutputOf<S>) => unknown,
  options: UpdateOptions & { readonly schema: S },
): Promise<RestResponse | undefined>;
export async function updateIfUnchanged(
  client: RestClient,
  address: string | URL,
  change: (current: unknown) => unknown,
  options?: UpdateOptions,
): Promise<RestResponse | undefined>;
export async function updateIfUnchanged(
  client: RestClient,
  address: string | URL,
  change: (current: unknown) => unknown,
  { patch, version, initial, schema, attempts = 5, ...call }: UpdateOptions & { readonly schema?: Schema } = {},
): Promise<RestResponse | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await read(client, address, call, { initial, schema });
    // A change may be made in place.
    const before = patch === undefined ? undefined : structuredClone(current.document);
    const changed: unknown = await change(current.document);
    if (changed === undefined) return undefined;
    const guard = guardOf(current, version);
    const isPatch = patch !== undefined && current.response !== undefined;
    const written = client.request(isPatch ? "PATCH" : "PUT", address, {
      ...call,
      json: isPatch ? patchOf(patch, before, changed, current, version) : wholeOf(changed, current, version),
      retry: false,
      headers: { ...fieldRecord(call.headers), ...guard, ...(isPatch && { "content-type": PATCH_TYPES[patch] }) },
    });
    try {
      return await written;
    } catch (error) {
      const isOthers =
        error instanceof StatusError && (error.status === 412 || (error.status === 409 && version !== undefined));
      if (!isOthers || attempt >= attempts) throw error;
    }
  }
}

function patchOf(
  patch: PatchFormat,
  before: unknown,
  after: unknown,
  current: Current,
  version: string | undefined,
): unknown {
  const change = guardedChange(patch, before, after, versionOf(current, version));
  if (change !== undefined) return change;
  throw new UsageError("OPTION_INVALID", {
    detail: "a merge patch cannot set null",
    remedy: 'say patch: "json-patch"',
  });
}

function wholeOf(after: unknown, current: Current, version: string | undefined): unknown {
  return guardedChange(undefined, undefined, after, versionOf(current, version));
}

function versionOf({ raw, response }: Current, version: string | undefined): WrittenVersion | undefined {
  return version === undefined || response === undefined ? undefined : { path: version, value: valueAt(raw, version) };
}

interface Current {
  /** As it came. */
  readonly raw: unknown;
  /** As the schema has it. */
  readonly document: unknown;
  /** `undefined` where there is nothing yet. */
  readonly response: RestResponse | undefined;
}

async function read(
  client: RestClient,
  address: string | URL,
  call: CallOptions,
  { initial, schema }: { readonly initial: unknown; readonly schema: Schema | undefined },
): Promise<Current> {
  try {
    // What is stored may be what was there before the other change.
    // Some servers weaken the tag of what they compress, and a weak one guards nothing. RFC 9110 section 13.1.1.
    const headers = { "accept-encoding": "identity", ...fieldRecord(call.headers) };
    const sent = client.get(address, { ...call, headers, cache: "no-cache" });
    const [raw, response] = await Promise.all([sent.json(), sent]);
    if (schema === undefined) return { raw, document: raw, response };
    const checked = await check(schema, raw);
    if (checked.type === "sound") return { raw, document: checked.value, response };
    const facts = { operation: "update", peer: new URL(response.url).host };
    throw new ContentError("CONTRACT_BROKEN", { ...facts, issues: checked.issues });
  } catch (error) {
    if (initial !== undefined && error instanceof StatusError && error.status === 404) {
      return { raw: initial, document: initial, response: undefined };
    }
    throw error;
  }
}

/** What has the write refused where there is another version. A weak tag does not: RFC 9110 section 13.1.1. */
function guardOf({ raw, response }: Current, version: string | undefined): Readonly<Record<string, string>> {
  if (response === undefined) return { "if-none-match": "*" };
  const facts = { operation: "update", peer: new URL(response.url).host };
  if (version !== undefined) {
    if (textAt(raw, version) !== undefined) return {};
    throw new ServiceError("VERSION_UNKNOWN", { ...facts, detail: `nothing at ${version}` });
  }
  const tag = response.headers.get("etag");
  if (tag !== null && !isWeakTag(tag)) return { "if-match": tag };
  throw new ServiceError("VERSION_UNKNOWN", { ...facts, detail: tag === null ? "no ETag" : "a weak ETag" });
}
