import { codedCauseOf } from "@fairlead/access";
import { LeanResponse } from "@fairlead/server";

/** What the page is answered. */
export function json(value: unknown, status = 200): Response {
  return new LeanResponse(JSON.stringify(value), { status, fields: ["content-type", "application/json"] });
}

/** Done, and there is nothing to say. */
export function nothing(): Response {
  return new LeanResponse(null, { status: 204 });
}

/** There is no such thing. */
export function notFound(): Response {
  return new LeanResponse(null, { status: 404 });
}

/**
 * What somebody else's server has sent, which may be anything: a file that no browser opens, and in which nothing would run.
 */
export function foreignBytes(bytes: Uint8Array): Response {
  return new LeanResponse(bytes, {
    fields: [
      ...["content-type", "application/octet-stream"],
      ...["content-disposition", 'attachment; filename="body"'],
      ...["content-security-policy", "default-src 'none'; sandbox; frame-ancestors 'none'"],
    ],
  });
}

/** Problem Details with what an error says. RFC 9457. */
export function problem(error: unknown): Response {
  const coded = codedCauseOf(error);
  const status = coded?.name === "UsageError" ? 400 : coded === undefined ? 500 : 502;
  const title = coded?.code ?? "INTERNAL";
  const detail = coded?.message ?? "the console has failed";
  const body = { type: "about:blank", title, status, detail, code: title, remedy: coded?.remedy };
  return new LeanResponse(JSON.stringify(body), { status, fields: ["content-type", "application/problem+json"] });
}
