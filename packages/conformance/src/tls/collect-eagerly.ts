import type { CallbackRegistry } from "./callback-watch.ts";

/** The part of an FFI library that binds C functions. */
export interface NativeLoader extends CallbackRegistry {
  // The library's own types say no more of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  load: (...values: any[]) => any;
}

/**
 * Collects garbage before each call of a C function that is bound from now on, and in each callback: whatever C knows only
 * by its address is gone when it is used. Needs `--expose-gc`.
 */
export function collectEagerly(ffi: NativeLoader): { readonly collections: number } {
  const { gc } = globalThis;
  if (gc === undefined) throw new Error("run this with --expose-gc");
  // Small buffers would keep one another alive.
  Buffer.poolSize = 0;
  let collections = 0;
  const collect = (): void => {
    collections += 1;
    // New objects each time, all of them now and then; what the first finds is freed by the second.
    const type = collections % 64 === 0 ? "major" : "minor";
    gc({ type, execution: "sync" });
    gc({ type, execution: "sync" });
  };
  type Function = (...values: unknown[]) => unknown;
  const collecting =
    (body: Function): Function =>
    (...values) => {
      collect();
      return body(...values);
    };

  const { load, register } = ffi;
  ffi.load = (...values) => {
    const library = load.apply(ffi, values) as { func: Function };
    return new Proxy(library, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        const method = value.bind(target) as Function;
        return key === "func" ? (...all: unknown[]) => collecting(method(...all) as Function) : method;
      },
    });
  };
  ffi.register = (...values) =>
    register.apply(
      ffi,
      values.map((value: unknown) => (typeof value === "function" ? collecting(value as Function) : value)),
    ) as unknown;
  return {
    get collections() {
      return collections;
    },
  };
}
