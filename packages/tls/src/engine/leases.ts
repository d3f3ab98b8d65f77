/** Native objects made once for the same inputs, and freed when nobody uses them any more. */
export interface Leases<T> {
  /** Borrows the object for these inputs, made by `create` when there is none. Each lease is given back once. */
  lease(inputs: readonly unknown[], create: () => T): Lease<T>;
  /** Keeps nothing of what it has; what is leased is freed when it is given back. */
  forget(): void;
}

/** A native object that is not freed before `release`. */
export interface Lease<T> {
  readonly value: T;
  release(): void;
}

/**
 * Keeps the `maxKept` objects that were used last, with the inputs that they were made of. They are found by comparing
 * those, so that no hash of a private key is ever made. `free` is called when an object is neither kept nor leased.
 */
export function leases<T>(maxKept: number, free: (value: T) => void): Leases<T> {
  const kept: { readonly inputs: readonly unknown[]; readonly value: T; users: number }[] = [];
  const drop = (each: { readonly value: T; users: number }): void => {
    each.users -= 1;
    if (each.users === 0) free(each.value);
  };
  return {
    forget: () => kept.splice(0).forEach(drop),
    lease(inputs, create) {
      const index = kept.findIndex((entry) => sameInputs(entry.inputs, inputs));
      // The memory itself is one user.
      const entry = kept[index] ?? { inputs, value: create(), users: 1 };
      if (index !== -1) kept.splice(index, 1);
      kept.unshift(entry);
      entry.users += 1;
      for (const evicted of kept.splice(maxKept)) drop(evicted);
      let released = false;
      return {
        value: entry.value,
        release() {
          if (released) return;
          released = true;
          drop(entry);
        },
      };
    },
  };
}

function sameInputs(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index]);
}
