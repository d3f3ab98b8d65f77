import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerByFetch } from "../../src/fetch/index.ts";
import type { FetchHandler } from "../../src/index.ts";
import { FakeExchange, fakeContext, type FakeRequest } from "../fetch/fake-exchange.ts";

/** An empty directory that goes with the test. */
export async function temporaryDirectory(t: { after(clean: () => Promise<void>): void }): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "fairlead-files-"));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** What a client gets of a path as it is written, with fields, once the answer is complete or cut. */
export async function ask(
  handler: FetchHandler,
  path: string,
  fields: Readonly<Record<string, string>> = {},
  request: FakeRequest = {},
): Promise<FakeExchange & { readonly errors: readonly unknown[] }> {
  const errors: unknown[] = [];
  const exchange = Object.assign(
    new FakeExchange({ path, fields: ["host", "a.example", ...Object.entries(fields).flat()], ...request }),
    { errors },
  );
  answerByFetch(handler, { onError: (error) => errors.push(error), context: fakeContext })(exchange);
  await exchange.ended;
  return exchange;
}

/** The value of the only field of a name. */
export function one(exchange: FakeExchange, name: string): string | undefined {
  const [value, another] = exchange.field(name);
  if (another !== undefined) throw new Error(`${name} comes twice`);
  return value;
}
