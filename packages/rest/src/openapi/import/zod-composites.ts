import type { JsonSchema } from "../document.ts";
import { isObject } from "../schema-walk.ts";
import { noted } from "./annotations.ts";
import { array, block, call, then, zod, type Member, type Source } from "./source-tree.ts";
import { limited } from "./zod-scalars.ts";
import { zodWithin, type SchemaMaker, type SchemaSite } from "./schema-maker.ts";

/** A schema of objects: of these members, and of others as far as it says so. */
export function zodObject(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source {
  const { additionalProperties: others } = schema;
  if (site.form === "text" || site.form === "file") {
    maker.session.warn(site.pointer, "changed", "an object in text is text");
    return zod("string");
  }
  const members = zodMembers(schema, site, maker);
  if (members.length === 0 && others !== false) {
    return zod(
      "record",
      zod("string"),
      others === undefined ? zod("unknown") : zodWithin(others, memberSite(site), maker, "additionalProperties"),
    );
  }
  const shape = block(members);
  if (others === undefined) return zod("object", shape);
  if (others === false) return zod("strictObject", shape);
  if (others === true || (isObject(others) && Object.keys(others).length === 0)) return zod("looseObject", shape);
  return then(zod("object", shape), "catchall", zodWithin(others, memberSite(site), maker, "additionalProperties"));
}

/** Its members; those that lead back to where they are are made when they are first asked for. */
export function zodMembers(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): readonly Member[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  const named = Object.entries(properties).map(([name, property]): Member => {
    const before = maker.met.deferred;
    const value = zodWithin(property, { ...memberSite(site), isDeferred: true }, maker, "properties", name);
    const isRequired = required.includes(name);
    return {
      name,
      value: isRequired ? withoutDefault(value) : hasDefault(value) ? value : then(value, "optional"),
      getter: !site.isDeferred && maker.met.deferred > before,
    };
  });
  const unnamed = required.filter(
    (name): name is string => typeof name === "string" && !Object.hasOwn(properties, name),
  );
  return [...named, ...unnamed.map((name) => ({ name, value: zod("unknown") }))];
}

/** What members are made of. */
function memberSite(site: SchemaSite): SchemaSite {
  const { form } = site;
  return form === "form" ? { ...site, form: "text" } : form === "multipart" ? { ...site, form: "file" } : site;
}

/** Whether a member may be left out as it is. */
function hasDefault(source: Source): boolean {
  return source.type === "chain" && source.calls.at(-1)?.name === "default";
}

/** What has to be there is not filled in; its default is what it tells. */
function withoutDefault(source: Source): Source {
  const last = source.type === "chain" ? source.calls.at(-1) : undefined;
  const [value] = last?.arguments ?? [];
  if (source.type !== "chain" || last?.name !== "default" || value === undefined) return source;
  return noted({ ...source, calls: source.calls.slice(0, -1) }, [{ name: "default", value }]);
}

/** A schema of lists. */
export function zodArray(schema: JsonSchema, site: SchemaSite, maker: SchemaMaker): Source {
  const { items, prefixItems } = schema;
  const methods = [
    ["minItems", "min"],
    ["maxItems", "max"],
  ] as const;
  if (Array.isArray(prefixItems) && prefixItems.length > 0) {
    const first = array(prefixItems.map((item, index) => zodWithin(item, site, maker, "prefixItems", index)));
    if (items === false) return zod("tuple", first);
    return zod("tuple", first, items === undefined ? zod("unknown") : zodWithin(items, site, maker, "items"));
  }
  const item = items === undefined ? zod("unknown") : zodWithin(items, site, maker, "items");
  if (site.form === "json") return limited(zod("array", item), schema, methods, site, maker);
  // One value of an address or a form is a list of one as well.
  maker.helpers.add("list");
  return call("list", limited(zod("array", item), schema, methods, site, maker));
}
