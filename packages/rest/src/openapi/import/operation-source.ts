import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { pointerTo, type Located } from "./import-session.ts";
import { contentSource, type ContentFunction } from "./media-content.ts";
import { valueIdentifier, type Names } from "./names.ts";
import { parameterSources } from "./parameter-schemas.ts";
import { quote } from "./source-text.ts";
import { array, atom, block, object, type Member, type Source } from "./source-tree.ts";
import type { SchemaMaker, SchemaSite } from "./schema-maker.ts";

/** What the operations of a document share while they are made. */
export interface OperationMaker extends SchemaMaker {
  readonly imports: Set<ContentFunction>;
  readonly operationNames: Names;
}

const METHODS = ["get", "put", "post", "delete", "head", "patch"];

/** The operations of all paths, as members of a contract's `operations`. */
export function operationSources(paths: unknown, maker: OperationMaker): readonly Member[] {
  const { session } = maker;
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, given]) => {
    if (path.startsWith("x-")) return [];
    const { value, pointer } = session.follow(given, pointerTo("/paths", path));
    if (!isObject(value)) return [];
    const fault = faultOfPath(path);
    if (fault !== undefined) {
      session.warn(pointer, "left-out", fault);
      return [];
    }
    session.leaveOut(value, [...METHODS, "parameters", "summary", "description"], pointer);
    return METHODS.flatMap((method) => {
      const operation = value[method];
      const parameters = { value: value["parameters"], pointer: pointerTo(pointer, "parameters") };
      return isObject(operation)
        ? [operationSource(path, method, { value: operation, pointer: pointerTo(pointer, method) }, parameters, maker)]
        : [];
    });
  });
}

/** What keeps a path from being one of a contract. */
function faultOfPath(path: string): string | undefined {
  if (!path.startsWith("/")) return "a path begins with a slash";
  if (!/^[!-~]+$/.test(path) || /[?#\\]/.test(path)) return "it has characters that no path has";
  const isWhole = path.split("/").every((segment) => /^(\{[^{}]+\}|[^{}]*)$/.test(segment));
  return isWhole ? undefined : "a name in a path of a contract is a whole segment";
}

interface LocatedObject extends Located {
  readonly value: JsonSchema;
}

function operationSource(
  path: string,
  method: string,
  { value: operation, pointer }: LocatedObject,
  shared: Located,
  maker: OperationMaker,
): Member {
  const { session } = maker;
  session.leaveOut(operation, KNOWN, pointer);
  const { operationId, summary, description, tags, deprecated } = operation;
  const wanted = typeof operationId === "string" && operationId !== "" ? operationId : `${method} ${path}`;
  const name = maker.operationNames.take(valueIdentifier(wanted));
  if (name !== operationId) session.warn(pointer, "changed", `the operation is called ${name}`);

  const own = { value: operation["parameters"], pointer: pointerTo(pointer, "parameters") };
  const { params, query, headers } = parameterSources([shared, own], path, maker);
  const members: readonly (Member | undefined)[] = [
    { name: "method", value: atom(quote(method.toUpperCase())) },
    { name: "path", value: atom(quote(path)) },
    textMember("summary", summary),
    textMember("description", description),
    Array.isArray(tags)
      ? { name: "tags", value: array(tags.filter(isText).map((tag) => atom(quote(tag)))) }
      : undefined,
    deprecated === true ? { name: "deprecated", value: atom("true") } : undefined,
    optionalMember("params", params),
    optionalMember("query", query),
    optionalMember("headers", headers),
    optionalMember("body", bodySource(operation["requestBody"], method, pointerTo(pointer, "requestBody"), maker)),
    { name: "responses", value: responsesSource(operation["responses"], pointerTo(pointer, "responses"), maker) },
  ];
  return {
    name,
    documentation: firstLine(summary) ?? firstLine(description),
    value: block(members.filter((member) => member !== undefined)),
  };
}

const KNOWN = [
  ...["operationId", "summary", "description", "tags", "deprecated", "parameters", "requestBody", "responses"],
];

function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** What says it at a glance; the whole is a member of its own. */
function firstLine(value: unknown): string | undefined {
  const [line = ""] = isText(value) ? value.trim().split(/[\r\n]/) : [];
  return line === "" ? undefined : line;
}

function textMember(name: string, value: unknown): Member | undefined {
  return isText(value) && value !== "" ? { name, value: atom(quote(value)) } : undefined;
}

function optionalMember(name: string, value: Source | undefined): Member | undefined {
  return value === undefined ? undefined : { name, value };
}

function bodySource(given: unknown, method: string, at: string, maker: OperationMaker): Source | undefined {
  if (given === undefined) return undefined;
  const { value, pointer } = maker.session.follow(given, at);
  if (!isObject(value)) return undefined;
  if (method === "get" || method === "head") {
    maker.session.warn(
      pointer,
      "left-out",
      `content of ${method.toUpperCase()} means nothing (RFC 9110 section 9.3.1)`,
    );
    return undefined;
  }
  maker.session.leaveOut(value, ["content", "required"], pointer);
  if (value["required"] !== true) maker.session.warn(pointer, "changed", "content that may be left out has to be sent");
  return contentSource(value["content"], pointerTo(pointer, "content"), maker, maker.imports);
}

/** What an operation answers; where only the default is said, that is what 200 has. */
function responsesSource(responses: unknown, pointer: string, maker: OperationMaker): Source {
  const { session } = maker;
  const all = isObject(responses) ? responses : {};
  const members = Object.entries(all).flatMap(([status, given]): Member[] => {
    const at = pointerTo(pointer, status);
    if (/^[2-5]\d\d$/.test(status)) return [{ name: status, value: responseSource(given, at, maker) }];
    if (!status.startsWith("x-") && status !== "default")
      session.warn(at, "left-out", "a contract has each status by itself");
    return [];
  });
  const isDone = members.some(({ name }) => name.startsWith("2"));
  const range = "2XX" in all ? "2XX" : "default" in all ? "default" : undefined;
  if (!isDone && range !== undefined) {
    const at = pointerTo(pointer, range);
    session.warn(at, "changed", "it is what 200 has, as no other success is said");
    return block([{ name: "200", value: responseSource(all[range], at, maker) }, ...members]);
  }
  if ("default" in all) {
    session.warn(pointerTo(pointer, "default"), "left-out", "what is not listed is problem details (RFC 9457)");
  }
  return block(members.length > 0 ? members : [{ name: "200", value: atom("null") }]);
}

function responseSource(given: unknown, at: string, maker: OperationMaker): Source {
  const { session, imports } = maker;
  const { value, pointer } = session.follow(given, at);
  if (!isObject(value)) return atom("null");
  session.leaveOut(value, ["description", "headers", "content"], pointer);
  const { description } = value;
  const content = contentSource(value["content"], pointerTo(pointer, "content"), maker, imports) ?? atom("null");
  const headers = headersSource(value["headers"], pointerTo(pointer, "headers"), maker);
  if (headers === undefined && (!isText(description) || description === "")) return content;
  const members: readonly (Member | undefined)[] = [
    textMember("description", description),
    optionalMember("headers", headers),
    { name: "content", value: content },
  ];
  return object(members.filter((member) => member !== undefined));
}

function headersSource(headers: unknown, pointer: string, maker: OperationMaker): Source | undefined {
  const { session } = maker;
  const list = Object.entries(isObject(headers) ? headers : {}).map(([name, given]) => {
    const { value } = session.follow(given, pointerTo(pointer, name));
    return { ...(isObject(value) ? value : {}), name, in: "header" };
  });
  return parameterSources([{ value: list, pointer }], "", maker).headers;
}

/** Where a schema of no message stands. */
export function componentSite(pointer: string): SchemaSite {
  return { pointer, depth: 0, form: "json", trail: [], isDeferred: false };
}
