import koffi from "koffi";
import type { NativeBytes } from "./native-bytes.ts";

/** A number, or something that C gets the address of. */
export type GssArgument = number | NativeBytes;

/** A C function; the result is a major status. What the arguments refer to is held until it has returned. */
export interface GssFunction {
  (...values: readonly GssArgument[]): number;
  /** Calls it on another thread. */
  readonly away: (...values: readonly GssArgument[]) => Promise<number>;
}

/** The functions of GSS-API that are called, RFC 2744, and three that MIT's library adds. */
export type GssFunctions = Readonly<Record<keyof typeof parameters, GssFunction>>;

/**
 * Loads a shared library and binds GSS-API in it.
 *
 * @throws Error when it cannot be loaded, or lacks a function.
 */
export function bindGssApi(path: string): GssFunctions {
  const library = koffi.load(path);
  // By its address alone nothing is kept from being collected.
  const inUse = new Set<readonly GssArgument[]>();
  const bind = (prototype: string): GssFunction => {
    const call = library.func(prototype);
    const here = (...values: readonly GssArgument[]): number => {
      inUse.add(values);
      try {
        return call(...values.map(numberOf)) as number;
      } finally {
        inUse.delete(values);
      }
    };
    const away = (...values: readonly GssArgument[]): Promise<number> =>
      new Promise((resolve, reject) => {
        inUse.add(values);
        call.async(...values.map(numberOf), (error: Error | null, major: number) => {
          inUse.delete(values);
          if (error === null) resolve(major);
          else reject(error);
        });
      });
    return Object.assign(here, { away });
  };
  // Bound by exactly these names.
  return Object.fromEntries(
    Object.entries(parameters).map(([name, list]) => [name, bind(`uint32_t ${name}(uintptr_t minor, ${list})`)]),
  ) as GssFunctions;
}

function numberOf(value: GssArgument): number {
  return typeof value === "number" ? value : value.address;
}

// Each takes the address for its minor status before these.
const parameters = {
  gss_import_name: "uintptr_t text, uintptr_t type, uintptr_t name",
  gss_release_name: "uintptr_t name",
  gss_acquire_cred_from:
    "uintptr_t name, uint32_t lifetime, uintptr_t mechanisms, int usage, uintptr_t store, uintptr_t credentials, uintptr_t actual, uintptr_t left",
  gss_acquire_cred_with_password:
    "uintptr_t name, uintptr_t password, uint32_t lifetime, uintptr_t mechanisms, int usage, uintptr_t credentials, uintptr_t actual, uintptr_t left",
  gss_set_neg_mechs: "uintptr_t credentials, uintptr_t mechanisms",
  gss_release_cred: "uintptr_t credentials",
  gss_init_sec_context:
    "uintptr_t credentials, uintptr_t context, uintptr_t target, uintptr_t mechanism, uint32_t flags, uint32_t lifetime, uintptr_t bindings, uintptr_t input, uintptr_t actual, uintptr_t output, uintptr_t gained, uintptr_t left",
  gss_accept_sec_context:
    "uintptr_t context, uintptr_t credentials, uintptr_t input, uintptr_t bindings, uintptr_t source, uintptr_t mechanism, uintptr_t output, uintptr_t gained, uintptr_t left, uintptr_t delegated",
  gss_display_name: "uintptr_t name, uintptr_t text, uintptr_t type",
  gss_delete_sec_context: "uintptr_t context, uintptr_t token",
  gss_release_buffer: "uintptr_t buffer",
  gss_display_status: "uint32_t status, int type, uintptr_t mechanism, uintptr_t state, uintptr_t text",
} as const;
