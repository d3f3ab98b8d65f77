import { PolicyError, UsageError } from "@fairlead/core";
import type { SchemeHandler } from "./handler.ts";

/** Characters of a `data:` URL at the most: as many as bytes of a body that is read whole. */
const LIMIT = 64 * 1024 * 1024;

/** Answers with what the URL itself holds, whatever the method, as `fetch` does. */
export const dataScheme: SchemeHandler = {
  scheme: "data",

  async handle({ url: { href } }) {
    if (href.length > LIMIT) {
      const detail = `limit ${String(LIMIT)} characters`;
      throw new PolicyError("BODY_LIMIT", { peer: "data:", operation: "read", detail });
    }
    // Loaded with the first: MIMEType brings all of node:util, which costs a start several milliseconds.
    const { parseDataUrl } = await import("./data-url.ts");
    const found = parseDataUrl(href);
    if (found === undefined) {
      const remedy = "write data:[type][;base64],content";
      throw new UsageError("URL_INVALID", { peer: "data:", operation: "request", remedy });
    }
    return { status: 200, statusText: "OK", headers: { "content-type": found.contentType }, body: found.body };
  },

  close: () => Promise.resolve(),
};
