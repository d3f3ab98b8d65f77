import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { TlsError } from "@fairlead/core";
import koffi from "koffi";
import { loadGnutlsTls } from "../src/index.ts";

describe("trap: GnuTLS that cannot be used is reported with what installs it", () => {
  test("when it is not there", () => {
    const error = failureOf("libgnutls-of-nowhere.so");
    assert.match(error.message, /libgnutls-of-nowhere/);
  });

  test("when it is another library", () => {
    const error = failureOf("libc.so.6");
    assert.match(error.message, /gnutls_/);
  });

  test("when it is too old, with the version that it has and the one that it takes", (t) => {
    const { load } = koffi;
    t.mock.method(koffi, "load", (...parameters: Parameters<typeof load>) => asOfVersion36(load(...parameters)));
    const error = failureOf("libgnutls.so.30");
    assert.match(error.message, /version 3\.\d+\.\d+ is older than 3\.6\.13/);
  });

  test("and is not tried again under another name's answer", () => {
    failureOf("libgnutls-of-nowhere.so");
    assert.equal(loadGnutlsTls({ library: "libgnutls.so.30" }).name, "gnutls");
  });

  function failureOf(library: string): TlsError {
    try {
      loadGnutlsTls({ library });
    } catch (error) {
      assert.ok(error instanceof TlsError);
      assert.equal(error.code, "TLS_LIBRARY_UNAVAILABLE");
      assert.match(error.remedy, /install it \(.*gnutls.*or use the backend 'node'/);
      return error;
    }
    return assert.fail("it was loaded");
  }

  /** The same library, which does not fulfil any wish for a version. */
  function asOfVersion36(library: ReturnType<typeof koffi.load>): ReturnType<typeof koffi.load> {
    return new Proxy(library, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        return (prototype: string, ...rest: unknown[]): unknown => {
          const bound: unknown = Reflect.apply(value, target, [prototype, ...rest]);
          if (typeof bound !== "function" || !prototype.includes("gnutls_check_version")) return bound;
          return (wanted: unknown): unknown => (wanted === null ? Reflect.apply(bound, undefined, [null]) : 0);
        };
      },
    });
  }
});
