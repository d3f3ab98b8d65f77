import type { Api } from "@fairlead/rest";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What an imported contract exports. */
export interface ContractModule {
  readonly api: Api;
  readonly [name: string]: unknown;
}

/** Runs the source of a contract, as Node runs TypeScript. It may be anywhere: what it imports is said by address. */
export async function runSource(source: string): Promise<ContractModule> {
  const folder = await mkdtemp(join(tmpdir(), "fairlead-contract-"));
  try {
    const file = join(folder, "contract.ts");
    const addresses = { "fairlead/rest": "@fairlead/rest", zod: "zod" };
    const addressed = Object.entries(addresses).reduce(
      (text, [name, module]) => text.replace(`from "${name}"`, `from "${import.meta.resolve(module)}"`),
      source,
    );
    await writeFile(file, addressed);
    return (await import(pathToFileURL(file).href)) as ContractModule;
  } finally {
    await rm(folder, { recursive: true });
  }
}
