import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { noted } from "./annotations.ts";
import { pointerTo, type Located } from "./import-session.ts";
import { modernSchema } from "./schema-dialect.ts";
import { quote } from "./source-text.ts";
import { atom, block, then, zod, type Member, type Source } from "./source-tree.ts";
import type { SchemaMaker, SchemaSite } from "./schema-maker.ts";

/** The members of an operation that say what is in its address and its fields. */
export interface ParameterSources {
  readonly params: Source | undefined;
  readonly query: Source | undefined;
  readonly headers: Source | undefined;
}

/** What parameters say, those of the operation taking the place of those of its path. */
export function parameterSources(lists: readonly Located[], path: string, maker: SchemaMaker): ParameterSources {
  const { session } = maker;
  const members = {
    path: new Map<string, Member>(),
    query: new Map<string, Member>(),
    header: new Map<string, Member>(),
  };
  for (const list of lists) {
    for (const [index, given] of (Array.isArray(list.value) ? list.value : []).entries()) {
      const { value, pointer } = session.follow(given, pointerTo(list.pointer, index));
      const { in: where, name } = isObject(value) ? value : {};
      if (!isObject(value) || typeof name !== "string" || !isPlace(where)) {
        session.warn(
          pointer,
          "left-out",
          where === "cookie" ? "a contract says nothing of cookies" : "this is no parameter",
        );
        continue;
      }
      for (const member of membersOf(name, where, value, pointer, maker)) members[where].set(member.name, member);
    }
  }
  const variables = [...path.matchAll(/\{([^}]*)\}/g)].map(([, name = ""]) => name);
  for (const name of members.path.keys()) if (!variables.includes(name)) members.path.delete(name);
  // Of a path that has schemas, each name has one.
  if (members.path.size > 0) {
    for (const name of variables) if (!members.path.has(name)) members.path.set(name, { name, value: zod("string") });
  }
  return { params: objectOf(members.path), query: objectOf(members.query), headers: objectOf(members.header) };
}

type ParameterPlace = "path" | "query" | "header";

function isPlace(where: unknown): where is ParameterPlace {
  return where === "path" || where === "query" || where === "header";
}

function objectOf(members: ReadonlyMap<string, Member>): Source | undefined {
  return members.size === 0 ? undefined : zod("object", block([...members.values()]));
}

/** One member for each; an object whose members are parameters of their own has one for each of those. */
function membersOf(
  name: string,
  where: ParameterPlace,
  parameter: JsonSchema,
  pointer: string,
  maker: SchemaMaker,
): readonly Member[] {
  const { session } = maker;
  const { schema, content, style = where === "query" ? "form" : "simple", explode = style === "form" } = parameter;
  session.leaveOut(parameter, KNOWN, pointer);
  const site: SchemaSite = {
    pointer: pointerTo(pointer, "schema"),
    depth: 0,
    form: "text",
    trail: [],
    isDeferred: false,
  };
  if (content !== undefined) {
    session.warn(pointer, "changed", "its value is text with a media type of its own, of which the contract says text");
    return [member(name, where, zod("string"), parameter)];
  }
  const resolved = isObject(schema) ? session.follow(schema, site.pointer).value : {};
  const plain = isObject(resolved) ? modernSchema(resolved, session.isOldDialect) : {};
  if (plain["type"] === "object" && isObject(plain["properties"]) && (style === "deepObject" || explode === true)) {
    session.warn(pointer, "changed", "its members are parameters of their own, as they are in the address");
    const required: readonly unknown[] = Array.isArray(plain["required"]) ? plain["required"] : [];
    return Object.entries(plain["properties"]).map(([inner, value]) =>
      member(style === "deepObject" ? `${name}[${inner}]` : inner, where, maker.zod(value, site), {
        required: parameter["required"] === true && required.includes(inner),
      }),
    );
  }
  if (plain["type"] === "array" && (where !== "query" || explode !== true || style !== "form")) {
    session.warn(pointer, "changed", "a list in one value is text");
    return [member(name, where, zod("string"), parameter)];
  }
  return [member(name, where, maker.zod(schema, site), parameter)];
}

const KNOWN = ["name", "in", "required", "schema", "content", "style", "explode", "description", "deprecated"];

function member(name: string, where: ParameterPlace, source: Source, parameter: JsonSchema): Member {
  const { required, description, deprecated } = parameter;
  const members = [
    ...(typeof description === "string" ? [{ name: "description", value: atom(quote(description)) }] : []),
    ...(deprecated === true ? [{ name: "deprecated", value: atom("true") }] : []),
  ];
  const described = noted(source, members);
  const isOptional = where !== "path" && required !== true && !hasCall(source, "default");
  return {
    name: where === "header" ? name.toLowerCase() : name,
    value: isOptional ? then(described, "optional") : described,
  };
}

function hasCall(source: Source, name: string): boolean {
  return source.type === "chain" && source.calls.some((call) => call.name === name);
}
