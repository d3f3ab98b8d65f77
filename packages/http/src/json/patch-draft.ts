import type { JsonPatchOperation } from "./patch-operation.ts";
import { PatchRefusal } from "./patch-refusal.ts";
import { parseJsonPointer } from "./pointer.ts";
import { childrenOf, copyOfJson, isJsonObject, isSameJson, setMember } from "./value.ts";

/** A document of its own, which operations change in place. */
export class PatchDraft {
  #root: unknown;
  readonly #depthLimit: number;
  #valuesLeft: number;

  constructor(document: unknown, valueLimit: number, depthLimit: number) {
    this.#root = copyOfJson(document);
    this.#valuesLeft = valueLimit;
    this.#depthLimit = depthLimit;
  }

  get document(): unknown {
    return this.#root;
  }

  /** @throws PatchRefusal, after which the draft is of no use. */
  apply(operation: JsonPatchOperation): void {
    const path = tokensOf(operation.path);
    switch (operation.op) {
      case "add":
        this.#add(path, operation.value);
        return;
      case "remove":
        this.#remove(path);
        return;
      case "replace":
        this.#replace(path, operation.value);
        return;
      case "test":
        if (isSameJson(this.#at(path), operation.value)) return;
        throw new PatchRefusal("PATCH_NOT_APPLICABLE", "the value is another");
      case "copy":
        this.#add(path, this.#counted(this.#at(tokensOf(operation.from))));
        return;
      case "move": {
        const from = tokensOf(operation.from);
        if (from.length < path.length && from.every((token, at) => token === path[at])) {
          throw new PatchRefusal("PATCH_NOT_APPLICABLE", "nothing is moved into itself");
        }
        this.#counted(this.#at(from));
        this.#add(path, this.#remove(from));
      }
    }
  }

  #at(path: readonly string[]): unknown {
    return path.reduce<unknown>((value, token) => {
      if (Array.isArray(value)) return value[indexOf(token, value.length - 1)] as unknown;
      if (isJsonObject(value) && Object.hasOwn(value, token)) return value[token];
      throw missing();
    }, this.#root);
  }

  #add(path: readonly string[], given: unknown): void {
    const value = this.#own(path, given);
    const token = path.at(-1);
    if (token === undefined) {
      this.#root = value;
      return;
    }
    const parent = this.#at(path.slice(0, -1));
    if (Array.isArray(parent)) parent.splice(token === "-" ? parent.length : indexOf(token, parent.length), 0, value);
    else if (isJsonObject(parent)) setMember(parent, token, value);
    else throw missing();
  }

  /** @returns what was there. */
  #remove(path: readonly string[]): unknown {
    const value = this.#at(path);
    const token = path.at(-1);
    const parent = this.#at(path.slice(0, -1));
    if (token === undefined) this.#root = null;
    else if (Array.isArray(parent)) parent.splice(Number(token), 1);
    else if (isJsonObject(parent)) Reflect.deleteProperty(parent, token);
    return value;
  }

  #replace(path: readonly string[], given: unknown): void {
    const value = this.#own(path, given);
    this.#at(path);
    const token = path.at(-1);
    const parent = this.#at(path.slice(0, -1));
    if (token === undefined) this.#root = value;
    else if (Array.isArray(parent)) parent[Number(token)] = value;
    else if (isJsonObject(parent)) setMember(parent, token, value);
  }

  /** A copy that later operations may change, if there is room for it at its place. */
  #own(path: readonly string[], value: unknown): unknown {
    if (!isDeeperThan(this.#depthLimit - path.length, value)) return copyOfJson(value);
    throw new PatchRefusal("JSON_TOO_DEEP", `more than ${String(this.#depthLimit)} levels`);
  }

  #counted(value: unknown): unknown {
    const pending = [value];
    while (pending.length > 0) {
      this.#valuesLeft -= 1;
      if (this.#valuesLeft < 0) throw new PatchRefusal("CONTENT_LIMIT", "too much is copied or moved");
      for (const child of childrenOf(pending.pop())) pending.push(child);
    }
    return value;
  }
}

function tokensOf(pointer: string): readonly string[] {
  const tokens = parseJsonPointer(pointer);
  if (tokens === undefined) throw new PatchRefusal("PATCH_INVALID", "what should be a JSON Pointer is none");
  return tokens;
}

/** RFC 6901 section 4: digits without a leading zero. */
function indexOf(token: string, last: number): number {
  if (!/^(?:0|[1-9]\d*)$/.test(token) || Number(token) > last) throw missing();
  return Number(token);
}

function missing(): PatchRefusal {
  return new PatchRefusal("PATCH_NOT_APPLICABLE", "there is nothing at its place");
}

/** Recursion ends at the limit. */
function isDeeperThan(limit: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit <= 0 || childrenOf(value).some((child) => isDeeperThan(limit - 1, child));
}
