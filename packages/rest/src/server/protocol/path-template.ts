import { UsageError } from "@fairlead/core";

/** One segment of a contract's path. */
export type TemplateSegment =
  | { readonly type: "fixed"; readonly text: string }
  | { readonly type: "name"; readonly name: string };

/**
 * Takes a contract's path apart: `/users/{id}` is a fixed segment and a name.
 *
 * @throws UsageError OPTION_INVALID for a path without its slash, for a name that is not a whole segment, that no object
 * should have, or that is there twice, and for what no URL keeps as it is: empty and dot segments within, a query.
 */
export function parsePathTemplate(path: string): readonly TemplateSegment[] {
  if (!path.startsWith("/")) throw invalid(path, "begin it with a slash");
  if (/[?#\\]/.test(path)) throw invalid(path, "leave out query and fragment: a query has its own schema");
  const names = new Set<string>();
  return path
    .slice(1)
    .split("/")
    .map((segment): TemplateSegment => {
      const name = /^\{([^{}]+)\}$/.exec(segment)?.[1];
      if (name === undefined) return { type: "fixed", text: fixedText(segment, path) };
      if (names.has(name) || name === "__proto__") throw invalid(path, `give {${name}} another name`);
      names.add(name);
      return { type: "name", name };
    });
}

/** What a path has is compared decoded; what stands in the contract may be written either way. */
function fixedText(segment: string, path: string): string {
  if (/[{}]/.test(segment)) throw invalid(path, "make each name a whole segment, as in /users/{id}");
  if (/^(?:\.|%2e){1,2}$/i.test(segment)) throw invalid(path, "leave out dot segments");
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid(path, "write % as %25");
  }
}

function invalid(path: string, remedy: string): UsageError {
  return new UsageError("OPTION_INVALID", { detail: `path ${path}`, remedy });
}
