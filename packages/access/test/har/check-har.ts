/** Tells whether a value is what a member has to be; throws what is wrong with it. */
type Check = (value: unknown, path: string) => void;

/**
 * Checks an archive against HTTP Archive 1.2, member by member: what the specification does not know and does not begin
 * with an underscore is as wrong as what is missing.
 *
 * @throws Error with the path of the first fault.
 * @see http://www.softwareishard.com/blog/har-12-spec/
 */
export function checkHar(value: unknown): void {
  object({ log })(value, "har");
}

const text: Check = (value, path) => {
  if (typeof value !== "string") throw new Error(`${path} is no text`);
};
const flag: Check = (value, path) => {
  if (typeof value !== "boolean") throw new Error(`${path} is neither true nor false`);
};
const whole: Check = (value, path) => {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) throw new Error(`${path} is no whole number`);
};
/** -1 where it is not known. */
const size: Check = (value, path) => {
  if (value !== -1) whole(value, path);
};
const duration: Check = (value, path) => {
  if (typeof value !== "number" || !(value >= 0)) throw new Error(`${path} is no duration`);
};
const optionalDuration: Check = (value, path) => {
  if (value !== -1) duration(value, path);
};
const date: Check = (value, path) => {
  const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;
  if (typeof value !== "string" || !iso.test(value)) throw new Error(`${path} is no ISO 8601`);
};
const url: Check = (value, path) => {
  if (typeof value !== "string" || !URL.canParse(value)) throw new Error(`${path} is no absolute URL`);
};

function exactly(expected: unknown): Check {
  return (value, path) => {
    if (value !== expected) throw new Error(`${path} is not ${JSON.stringify(expected)}`);
  };
}

function list(item: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) throw new Error(`${path} is no list`);
    for (const [index, each] of value.entries()) item(each, `${path}[${String(index)}]`);
  };
}

/** Names that end in a question mark may be missing. */
function object(members: Readonly<Record<string, Check>>): Check {
  return (value, path) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${path} is no object`);
    for (const [name, check] of Object.entries(members)) {
      const isOptional = name.endsWith("?");
      const key = isOptional ? name.slice(0, -1) : name;
      const member: unknown = Reflect.get(value, key);
      if (key in value) check(member, `${path}.${key}`);
      else if (!isOptional) throw new Error(`${path}.${key} is missing`);
    }
    for (const name of Object.keys(value)) {
      const isKnown = name in members || `${name}?` in members || name.startsWith("_");
      if (!isKnown) throw new Error(`${path}.${name} is not in the specification`);
    }
  };
}

const pair = object({ name: text, value: text, "comment?": text });
const cookie = object({
  name: text,
  value: text,
  ...{ "path?": text, "domain?": text, "expires?": date, "httpOnly?": flag, "secure?": flag, "comment?": text },
});
const request = object({
  method: text,
  url,
  httpVersion: text,
  cookies: list(cookie),
  headers: list(pair),
  queryString: list(pair),
  "postData?": object({ mimeType: text, params: list(object({ name: text, "value?": text })), text, "comment?": text }),
  headersSize: size,
  bodySize: size,
  "comment?": text,
});
const response = object({
  status: whole,
  statusText: text,
  httpVersion: text,
  cookies: list(cookie),
  headers: list(pair),
  content: object({
    ...{ size, "compression?": (value, path) => text(typeof value === "number" ? "" : value, path) },
    ...{ mimeType: text, "text?": text, "encoding?": exactly("base64"), "comment?": text },
  }),
  redirectURL: text,
  headersSize: size,
  bodySize: size,
  "comment?": text,
});
const timings = object({
  ...{ "blocked?": optionalDuration, "dns?": optionalDuration, "connect?": optionalDuration, "ssl?": optionalDuration },
  ...{ send: duration, wait: duration, receive: duration, "comment?": text },
});
const plainEntry = object({
  "pageref?": text,
  startedDateTime: date,
  time: duration,
  request,
  response,
  cache: object({ "comment?": text }),
  timings,
  ...{ "serverIPAddress?": text, "connection?": text, "comment?": text },
});
const entry: Check = (value, path) => {
  plainEntry(value, path);
  const { time, timings: phases } = value as { time: number; timings: Record<string, number> };
  const { blocked = -1, dns = -1, connect = -1, ssl = -1, send = -1, wait = -1, receive = -1 } = phases;
  const sum = [blocked, dns, connect, send, wait, receive].reduce((all, phase) => all + Math.max(0, phase), 0);
  if (Math.abs(sum - time) > 1e-6) throw new Error(`${path}.time is not the sum of its timings`);
  if (ssl > connect) throw new Error(`${path}.timings.ssl is not within connect`);
};
const creator = object({ name: text, version: text, "comment?": text });
const log = object({
  version: exactly("1.2"),
  creator,
  "browser?": creator,
  "pages?": list(() => {
    throw new Error("no page is expected");
  }),
  entries: list(entry),
  "comment?": text,
});
