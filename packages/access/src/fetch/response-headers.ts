import type { ResponseFields } from "../dispatch.ts";

/** The fields of a response as the web's `Headers`, which nobody can change. Fetch Standard section 5.1, guard `immutable`. */
export function responseHeaders(fields: ResponseFields): Headers {
  const pairs: [string, string][] = [];
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    if (typeof value === "string") pairs.push([name, value]);
    else for (const one of value ?? []) pairs.push([name, one]);
  }
  return immutable(new Headers(pairs));
}

/** Of a class that would be derived from `Headers` here the runtime would have to load its fetch at import. */
function immutable(headers: Headers): Headers {
  return Object.defineProperties(headers, REFUSALS);
}

const refusal = {
  value: (): never => {
    throw new TypeError("the headers of a response that was fetched are immutable");
  },
};

const REFUSALS = { append: refusal, delete: refusal, set: refusal };
