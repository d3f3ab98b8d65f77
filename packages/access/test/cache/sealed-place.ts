import { openStore, type SealedPlace } from "@fairlead/store";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a store with a key of its own seals beside it. */
export async function sealedPlace(): Promise<SealedPlace> {
  const directory = mkdtempSync(join(tmpdir(), "fairlead-cache-"));
  try {
    await using store = await openStore(`file:${join(directory, "store")}`, { key: randomBytes(32) });
    const place = store.sealBeside("response cache");
    assert.ok(place);
    return place;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
