import { isDeepStrictEqual } from "node:util";

type Json = Readonly<Record<string, unknown>>;

/** What a document says, whatever words of OpenAPI 3.0 or 3.1 it says it in: facts by name. */
export function meaningOf(root: Json): ReadonlyMap<string, unknown> {
  const reader = new Reader(root);
  const facts = new Map<string, unknown>();
  for (const [path, given] of Object.entries(record(root["paths"]))) {
    const item = reader.follow(given);
    for (const [method, operation] of Object.entries(item)) {
      if (!/^(get|put|post|delete|patch|head|options|trace)$/.test(method)) continue;
      reader.operation(`${method.toUpperCase()} ${path}`, record(operation), item, facts);
    }
  }
  return facts;
}

/** The names of the facts that are not the same in both, in order. */
export function differences(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => !isDeepStrictEqual(before.get(name), after.get(name))).sort();
}

class Reader {
  readonly root: Json;

  constructor(root: Json) {
    this.root = root;
  }

  follow(value: unknown): Json {
    const given = record(value);
    const { $ref: reference } = given;
    return typeof reference === "string" ? this.follow(this.target(reference)) : given;
  }

  target(reference: string): unknown {
    return reference
      .split("/")
      .slice(1)
      .reduce<unknown>(
        (at, token) => record(at)[decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~")],
        this.root,
      );
  }

  operation(name: string, operation: Json, item: Json, facts: Map<string, unknown>): void {
    for (const key of ["operationId", "summary", "description", "tags"]) set(facts, `${name} ${key}`, operation[key]);
    set(facts, `${name} deprecated`, operation["deprecated"] === true || undefined);
    facts.set(name, true);
    for (const parameter of [...list(item["parameters"]), ...list(operation["parameters"])]) {
      const { name: parameterName, in: where, ...rest } = this.follow(parameter);
      const lowerCase = where === "header" ? String(parameterName).toLowerCase() : String(parameterName);
      this.parameter(`${name} ${String(where)} ${lowerCase}`, rest, facts);
    }
    const body = this.follow(operation["requestBody"]);
    if (operation["requestBody"] !== undefined) facts.set(`${name} body required`, body["required"] === true);
    this.content(`${name} body`, body["content"], facts);
    for (const [status, given] of Object.entries(record(operation["responses"]))) {
      if (status === "default") {
        facts.set(`${name} default`, given);
        continue;
      }
      const response = this.follow(given);
      set(facts, `${name} ${status}`, response["description"]);
      for (const [header, value] of Object.entries(record(response["headers"]))) {
        this.parameter(`${name} ${status} ${header.toLowerCase()}`, this.follow(value), facts);
      }
      this.content(`${name} ${status}`, response["content"], facts);
    }
  }

  parameter(name: string, parameter: Json, facts: Map<string, unknown>): void {
    set(facts, `${name} required`, parameter["required"] === true || undefined);
    set(facts, `${name} description`, parameter["description"]);
    const schema = this.schema(parameter["schema"], []);
    set(facts, `${name} schema`, { ...record(schema), description: undefined });
  }

  content(name: string, content: unknown, facts: Map<string, unknown>): void {
    for (const [mediaType, value] of Object.entries(record(content))) {
      facts.set(`${name} ${mediaType}`, true);
      const schema = this.schema(record(value)["schema"], []);
      if (/json|form|event-stream/.test(mediaType)) this.schemaFacts(`${name} ${mediaType}`, schema, facts);
      else set(facts, `${name} ${mediaType} schema`, schema);
    }
  }

  /** One fact for each keyword of each schema, so that one that differs does not hide another. */
  schemaFacts(name: string, schema: unknown, facts: Map<string, unknown>): void {
    for (const [keyword, value] of Object.entries(record(schema))) {
      if (keyword === "properties") {
        for (const [property, inner] of Object.entries(record(value)))
          this.schemaFacts(`${name} .${property}`, inner, facts);
      } else if (keyword === "items" || keyword === "additionalProperties") {
        if (typeof value === "object") this.schemaFacts(`${name} ${keyword}`, value, facts);
        else set(facts, `${name} ${keyword}`, value);
      } else if (Array.isArray(value) && ["allOf", "anyOf", "oneOf"].includes(keyword)) {
        for (const [index, inner] of value.entries())
          this.schemaFacts(`${name} ${keyword} ${index.toString()}`, inner, facts);
      } else set(facts, `${name} ${keyword}`, value);
    }
  }

  /** The schema without references, circles cut, in the words of JSON Schema 2020-12. */
  schema(value: unknown, trail: readonly string[]): unknown {
    if (value === true || value === undefined) return {};
    const schema = record(value);
    const { $ref: reference, ...beside } = schema;
    if (typeof reference === "string") {
      if (trail.includes(reference)) return { circle: true };
      return {
        ...record(this.schema(this.target(reference), [...trail, reference])),
        ...record(this.schema(beside, trail)),
      };
    }
    return this.keywords(schema, trail);
  }

  keywords(schema: Json, trail: readonly string[]): Json {
    const { nullable, example, format, type, minimum, maximum, allOf, ...others } = schema;
    const rest: Record<string, unknown> = { ...others };
    // A name that schemas have makes components of them; and all names are text.
    delete rest["title"];
    delete rest["propertyNames"];
    // One part alone is the whole.
    const merged = list(allOf).reduce<Json>((all, part) => join(all, record(this.schema(part, trail))), {});
    const plain: Record<string, unknown> = join(merged, rest);
    const types = [type ?? (plain["properties"] === undefined ? [] : "object")].flat() as readonly unknown[];
    const all = [...new Set([...types, ...(nullable === true && types.length > 0 ? ["null"] : [])])].sort();
    if (all.length > 0) plain["type"] = all;
    if (example !== undefined) plain["examples"] = [example];
    if (format !== undefined) plain["format"] = format;
    // What numbers of JSON can be.
    if (typeof minimum === "number" && minimum !== Number.MIN_SAFE_INTEGER) plain["minimum"] = minimum;
    if (typeof maximum === "number" && maximum !== Number.MAX_SAFE_INTEGER) plain["maximum"] = maximum;
    // What a format means, written out.
    if (["date", "date-time", "email", "ipv4", "ipv6", "uuid"].includes(String(format))) delete plain["pattern"];
    if (plain["const"] !== undefined) plain["enum"] = [plain["const"]];
    delete plain["const"];
    if (Array.isArray(plain["enum"])) plain["enum"] = [...list(plain["enum"])].sort();
    if (Array.isArray(plain["required"])) plain["required"] = [...list(plain["required"])].sort();
    if (Array.isArray(plain["required"]) && plain["required"].length === 0) delete plain["required"];
    if (isDeepStrictEqual(plain["additionalProperties"], {}) || plain["additionalProperties"] === true)
      delete plain["additionalProperties"];
    for (const keyword of ["items", "additionalProperties"]) {
      if (typeof plain[keyword] === "object") plain[keyword] = this.schema(plain[keyword], trail);
    }
    for (const keyword of ["anyOf", "oneOf"]) {
      if (Array.isArray(plain[keyword])) plain[keyword] = plain[keyword].map((part) => this.schema(part, trail));
    }
    if (plain["properties"] !== undefined) {
      plain["properties"] = Object.fromEntries(
        Object.entries(record(plain["properties"])).map(([name, inner]) => [name, this.schema(inner, trail)]),
      );
    }
    return withoutNullChoice(plain);
  }
}

/** `X or null` is `X` that may be null. */
function withoutNullChoice(schema: Json): Json {
  const choices = list(schema["anyOf"]).map(record);
  const [other, ...more] = choices.filter(({ type }) => !isDeepStrictEqual(type, ["null"]));
  if (choices.length < 2 || other === undefined || more.length > 0 || choices.length !== 2) return schema;
  const rest: Record<string, unknown> = { ...schema };
  delete rest["anyOf"];
  const types = [other["type"] ?? []].flat() as readonly unknown[];
  return { ...other, ...rest, type: [...new Set([...types, "null"])].sort() };
}

function join(left: Json, right: Json): Record<string, unknown> {
  return {
    ...left,
    ...right,
    ...(left["properties"] !== undefined &&
      right["properties"] !== undefined && {
        properties: { ...record(left["properties"]), ...record(right["properties"]) },
      }),
    ...(left["required"] !== undefined &&
      right["required"] !== undefined && {
        required: [...new Set([...list(left["required"]), ...list(right["required"])])].sort(),
      }),
  };
}

function set(facts: Map<string, unknown>, name: string, value: unknown): void {
  if (value !== undefined && value !== "" && !isDeepStrictEqual(value, {})) facts.set(name, value);
}

function record(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
