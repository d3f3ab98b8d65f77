/** What a query is answered with. */
export type QueryAnswer =
  | { readonly type: "empty" }
  | { readonly type: "done"; readonly tag: string }
  | { readonly type: "rows"; readonly column: string; readonly oid: number; readonly values: readonly string[] }
  | { readonly type: "sleep"; readonly milliseconds: number }
  | { readonly type: "unknown" };

/** What queries are answered by. */
export interface QueryFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly user: string;
  readonly isSecure: boolean;
}

/** The version that is told. */
export const serverVersion = "17.0 (Fairlead test server)";

const int4 = 23;
const text = 25;
const timestamptz = 1184;
const seriesLimit = 10_000;

/** Answers the few queries that a test of a client needs. */
export function answerQuery(query: string, { now, user, isSecure }: QueryFacts): QueryAnswer {
  const plain = query.trim().replace(/;$/, "").replace(/\s+/g, " ").trim().toLowerCase();
  const row = (column: string, oid: number, value: string): QueryAnswer => ({
    type: "rows",
    column,
    oid,
    values: [value],
  });
  const [, number] = /^select (-?\d{1,9})$/.exec(plain) ?? [];
  if (number !== undefined) return row("?column?", int4, String(Number(number)));
  const [, seconds] = /^select pg_sleep\((\d{1,2}(?:\.\d{1,3})?)\)$/.exec(plain) ?? [];
  if (seconds !== undefined) return { type: "sleep", milliseconds: Number(seconds) * 1000 };
  const [, count] = /^select generate_series\(1, ?(\d{1,5})\)$/.exec(plain) ?? [];
  if (count !== undefined && Number(count) <= seriesLimit) {
    const values = Array.from({ length: Number(count) }, (_, index) => String(index + 1));
    return { type: "rows", column: "generate_series", oid: int4, values };
  }
  switch (plain) {
    case "":
      return { type: "empty" };
    case "select now()":
    case "select current_timestamp":
      return row("now", timestamptz, new Date(now).toISOString().replace("T", " ").replace("Z", "+00"));
    case "select version()":
      return row("version", text, `PostgreSQL ${serverVersion}`);
    case "show server_version":
      return row("server_version", text, serverVersion);
    case "select current_user":
      return row("current_user", text, user);
    case "show ssl":
      return row("ssl", text, isSecure ? "on" : "off");
  }
  const [, verb] = /^(begin|commit|rollback|set|discard|deallocate)\b/.exec(plain) ?? [];
  return verb === undefined ? { type: "unknown" } : { type: "done", tag: verb.toUpperCase() };
}
