import { join } from "node:path";
import { storeConformance, type StoreFixture } from "@fairlead/conformance/store";
import { openStore } from "@fairlead/store";
import { temporaryDirectory } from "./temporary-directory.ts";

storeConformance("memory", { persistent: false }, () => ({
  open: (options) => openStore("memory:", options),
  [Symbol.asyncDispose]: () => Promise.resolve(),
}));
storeConformance("file", { persistent: true }, () => onDisk("file"));
storeConformance("sqlite", { persistent: true }, () => onDisk("sqlite"));

function onDisk(scheme: string): StoreFixture {
  const directory = temporaryDirectory();
  return {
    open: (options) => openStore(`${scheme}:${join(directory.path, "made", "store")}`, options),
    [Symbol.asyncDispose]: () => {
      directory[Symbol.dispose]();
      return Promise.resolve();
    },
  };
}
