import { UsageError } from "@fairlead/core";

/** Has related resources sent along, as Stripe does it: `expand[]=customer`. */
export function expand(...paths: readonly string[]): Readonly<Record<"expand[]", readonly string[]>> {
  return { "expand[]": paths.map(plain) };
}

/** Has related resources sent along, as JSON:API does it: `include=author,comments.author`. */
export function include(...paths: readonly string[]): Readonly<Record<"include", string>> {
  return { include: listed(paths) };
}

/** Has only some members of each type sent, as JSON:API does it: `fields[articles]=title,body`. */
export function sparseFields(fields: Readonly<Record<string, readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(fields).map(([type, names]) => [`fields[${type}]`, listed(names)]));
}

/** Has only some members sent, as Google does it: `fields=items/id,nextPageToken`. OData's parameter is `$select`. */
export function partialFields(paths: readonly string[], parameter = "fields"): Readonly<Record<string, string>> {
  return { [parameter]: listed(paths) };
}

function listed(names: readonly string[]): string {
  return names.map(plain).join(",");
}

/** A name with a comma would be two. */
function plain(name: string): string {
  if (name !== "" && !name.includes(",")) return name;
  throw new UsageError("OPTION_INVALID", { detail: `${JSON.stringify(name)} is no name of a member` });
}
