/** The part of an FFI library that makes C functions of JavaScript's. */
export interface CallbackRegistry {
  // The library's own types say no more of them.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  register: (...values: any[]) => any;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  unregister: (...values: any[]) => any;
}

/** What becomes of the callbacks that were registered since the watch began. */
export interface CallbackWatch {
  readonly registered: number;
  readonly unregistered: number;
  /** What callbacks threw into C, which took it for 0. */
  readonly escaped: readonly unknown[];
  /**
   * Has the engine's methods fail where a callback calls them: the `at`-th such call throws, or none. Returns how many
   * there were, when it is called again.
   */
  failAt(at: number): number;
}

/**
 * Watches over what C is given to call. To be called before the library is bound, with the prototype of its engines,
 * which is where callbacks do what they do.
 */
export function watchCallbacks(ffi: CallbackRegistry, engine: object): CallbackWatch {
  const escaped: unknown[] = [];
  let registered = 0;
  let unregistered = 0;
  let depth = 0;
  let calls = 0;
  let failing = 0;

  const { register, unregister } = ffi;
  ffi.register = (...values) => {
    registered += 1;
    const index = values.findIndex((value) => typeof value === "function");
    const body = values[index] as (...parameters: unknown[]) => unknown;
    values[index] = (...parameters: unknown[]) => {
      depth += 1;
      try {
        return body(...parameters);
      } catch (error) {
        escaped.push(error);
        throw error;
      } finally {
        depth -= 1;
      }
    };
    return register.apply(ffi, values) as unknown;
  };
  ffi.unregister = (...values) => {
    unregistered += 1;
    return unregister.apply(ffi, values) as unknown;
  };

  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(engine))) {
    if (typeof value !== "function" || name === "constructor" || name === whereErrorsGo) continue;
    Object.defineProperty(engine, name, {
      configurable: true,
      writable: true,
      value(this: object, ...parameters: unknown[]): unknown {
        if (depth > 0 && ++calls === failing) throw new InjectedError(`${name} failed inside a callback`);
        // Found above to be one.
        return Reflect.apply(value as (...all: unknown[]) => unknown, this, parameters);
      },
    });
  }

  return {
    get registered() {
      return registered;
    },
    get unregistered() {
      return unregistered;
    },
    escaped,
    failAt(at) {
      const before = calls;
      calls = 0;
      failing = at;
      return before;
    },
  };
}

/** Whether this is a failure that `failAt` asked for. */
export function isInjected(error: unknown): boolean {
  return error instanceof InjectedError;
}

class InjectedError extends Error {}

/** The method that a guard hands an error to: the last one standing. */
const whereErrorsGo = "noteCallbackError";
