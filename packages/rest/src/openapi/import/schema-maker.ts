import { pointerTo, type ImportSession } from "./import-session.ts";
import type { Source } from "./source-tree.ts";

/** Where a schema stands. */
export interface SchemaSite {
  readonly pointer: string;
  readonly depth: number;
  /** What it is a schema of. Addresses, fields and forms have text that stands for what JSON has. */
  readonly form: SchemaForm;
  /** References being followed whose targets have no name. */
  readonly trail: readonly string[];
  /** Whether what is made here is made when it is first asked for, when everything has its name. */
  readonly isDeferred: boolean;
}

/** JSON; text; text or a file; a record of text, as forms are; a record of text and files. */
export type SchemaForm = "json" | "text" | "file" | "form" | "multipart";

/** What makes schemas of zod out of JSON Schemas. */
export interface SchemaMaker {
  readonly session: ImportSession;
  /** What components are called in the source, by their names in the document. */
  readonly identifiers: ReadonlyMap<string, string>;
  /** Functions of the source that were used. */
  readonly helpers: Set<Helper>;
  /** The components that are in a circle with the one that is being made, itself among them. */
  readonly circle: ReadonlySet<string>;
  /** References into the circle so far: those that wait to be asked, and those that had to be put off. */
  readonly met: { deferred: number; eager: number };
  /** The schema of zod for one schema. */
  zod(schema: unknown, site: SchemaSite): Source;
}

/** Functions that the source may begin with. */
export type Helper = "flag" | "list";

/** What a schema inside another is, one step further down. */
export function zodWithin(
  value: unknown,
  site: SchemaSite,
  maker: SchemaMaker,
  ...names: readonly (string | number)[]
): Source {
  return maker.zod(value, { ...site, pointer: pointerTo(site.pointer, ...names), depth: site.depth + 1 });
}
