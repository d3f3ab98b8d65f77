import { StoreError } from "@fairlead/core";
import { assertKey, type KeySource } from "./key-source.ts";

/** A key that the application has: the same for every generation, until it gives another one. */
export function givenKey(ask: () => Uint8Array | Promise<Uint8Array>, peer: string): KeySource {
  const read = async (): Promise<Uint8Array> => {
    let bytes: unknown;
    try {
      bytes = await ask();
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      const remedy = "see the cause: the function that gives the key has failed";
      throw new StoreError("STORE_KEY_UNAVAILABLE", { peer, operation: "open", remedy, cause });
    }
    assertKey(bytes, peer);
    return bytes;
  };
  return { type: "given", read, create: read, forget: () => Promise.resolve() };
}

/** A key in a variable of the environment, as 64 hexadecimal digits or as base64 with or without padding. */
export function environmentKey(name: string, peer: string): KeySource {
  return givenKey(() => {
    const text = process.env[name]?.trim();
    if (text === undefined || text === "") {
      throw new StoreError("STORE_KEY_UNAVAILABLE", {
        peer,
        operation: "open",
        detail: `${name} is not set`,
        remedy: `set ${name} to the key, 64 hexadecimal digits`,
      });
    }
    const bytes = decodeKey(text);
    if (bytes === undefined) {
      const detail = `${name} is neither 64 hexadecimal digits nor base64`;
      throw new StoreError("STORE_KEY_INVALID", { peer, operation: "open", detail });
    }
    assertKey(bytes, peer, name);
    return bytes;
  }, peer);
}

function decodeKey(text: string): Uint8Array | undefined {
  if (/^[\da-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
  if (/^[\w+/-]+={0,2}$/.test(text)) return new Uint8Array(Buffer.from(text, "base64"));
  return undefined;
}
