import koffi from "koffi";

/** What the library has handed out and not got back: handles and buffers, each as kind and address. */
export type LiveHandles = ReadonlySet<string>;

/** Where a function writes an address that has to be released: the argument, and the word there. */
const handsOut: Readonly<Record<string, readonly [kind: string, argument: number, word: number]>> = {
  gss_import_name: ["name", 3, 0],
  gss_acquire_cred_from: ["credentials", 6, 0],
  gss_acquire_cred_with_password: ["credentials", 6, 0],
  gss_init_sec_context: ["context", 2, 0],
};
const takesBack: Readonly<Record<string, readonly [kind: string, argument: number, word: number]>> = {
  gss_release_name: ["name", 1, 0],
  gss_release_cred: ["credentials", 1, 0],
  gss_delete_sec_context: ["context", 1, 0],
  gss_release_buffer: ["buffer", 1, 1],
};
/** The last argument of those that are written to. */
const writesBuffer: Readonly<Record<string, number>> = { gss_init_sec_context: 10, gss_display_status: 5 };

type Call = (...values: number[]) => number;
type Bound = Call & { async: (...values: unknown[]) => void };

/** Has the next library that is loaded tell what it hands out and gets back. Undo it when that is done. */
export function watchHandles(): { readonly live: LiveHandles; undo(): void } {
  const live = new Set<string>();
  const { load } = koffi;
  const watched = (name: string, call: Bound): Bound => {
    const handed = handsOut[name];
    const back = takesBack[name];
    const buffer = writesBuffer[name];
    const note = (values: readonly unknown[]): (() => void) => {
      if (back !== undefined) live.delete(at(values, back));
      const before = handed && at(values, handed);
      return () => {
        if (before !== undefined) live.delete(before);
        for (const written of [handed, buffer === undefined ? undefined : (["buffer", buffer, 1] as const)]) {
          const handle = written && at(values, written);
          if (handle !== undefined && !handle.endsWith(" 0")) live.add(handle);
        }
      };
    };
    const here = (...values: number[]): number => {
      const noteResult = note(values);
      const major = call(...values);
      noteResult();
      return major;
    };
    const away = (...values: unknown[]): void => {
      const noteResult = note(values);
      const callback = values.pop() as (...results: unknown[]) => void;
      call.async(...values, (...results: unknown[]) => {
        noteResult();
        callback(...results);
      });
    };
    return Object.assign(here, { async: away });
  };
  koffi.load = (...parameters) =>
    new Proxy(load(...parameters), {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (key !== "func") return value;
        return (prototype: string) => {
          const bound = Reflect.apply(value as (prototype: string) => Bound, target, [prototype]);
          return watched(/(\w+)\(/.exec(prototype)?.[1] ?? "", bound);
        };
      },
    });
  return {
    live,
    undo: () => {
      koffi.load = load;
    },
  };
}

function at(values: readonly unknown[], [kind, argument, word]: readonly [string, number, number]): string {
  const address = values[argument] as number;
  return `${kind} ${String(koffi.decode(address, word * 8, "uint64_t"))}`;
}
