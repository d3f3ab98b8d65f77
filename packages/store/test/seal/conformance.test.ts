import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { storeConformance, type StoreFixture } from "@fairlead/conformance/store";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "../temporary-directory.ts";

const key = randomBytes(32);

storeConformance("sealed file", { persistent: true }, () => sealed("file"));
storeConformance("sealed sqlite", { persistent: true }, () => sealed("sqlite"));
storeConformance("memory, with a key that nobody needs", { persistent: false }, () => ({
  open: (options) => openStore("memory:", { ...options, key }),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}));

function sealed(scheme: string): StoreFixture {
  const directory = temporaryDirectory();
  return {
    open: (options) => openStore(`${scheme}:${join(directory.path, "made", "store")}`, { ...options, key }),
    [Symbol.asyncDispose]: () => {
      directory[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
