/** What a process has installed, and how it is undone. */
export interface Installation extends Disposable {
  /**
   * Puts back what was there before. Whoever kept the installed `fetch` has the earlier one by it from then on; what others
   * have put in its place meanwhile stays. Harmless when it was done before.
   */
  restore(): void;
}

/** A name of the global object that a manager takes over. */
export type GlobalName = "fetch" | "WebSocket" | "EventSource";

/** What was put in the place of names of the global object. */
export class GlobalInstallation implements Installation {
  /** Whose it is; `undefined` for the default manager. */
  readonly manager: object | undefined;
  /** The `fetch` that there was before. */
  readonly earlierFetch: typeof globalThis.fetch = globalThis.fetch;
  readonly #replaced = new Map<
    GlobalName,
    { readonly ours: unknown; readonly earlier: PropertyDescriptor | undefined }
  >();
  #isRestored = false;

  constructor(manager: object | undefined) {
    this.manager = manager;
  }

  /** Whether what was installed is still to be used. */
  get isActive(): boolean {
    return !this.#isRestored;
  }

  has(name: GlobalName): boolean {
    return this.#replaced.has(name);
  }

  put(name: GlobalName, ours: unknown): void {
    // Looked at without being asked for: the runtime loads some of them then.
    const earlier = Object.getOwnPropertyDescriptor(globalThis, name);
    const enumerable = earlier?.enumerable ?? false;
    Object.defineProperty(globalThis, name, { value: ours, writable: true, enumerable, configurable: true });
    this.#replaced.set(name, { ours, earlier });
  }

  restore(): void {
    if (this.#isRestored) return;
    this.#isRestored = true;
    noteInstalled(undefined);
    for (const [name, { ours, earlier }] of this.#replaced) {
      if (Object.getOwnPropertyDescriptor(globalThis, name)?.value !== ours) continue;
      if (earlier === undefined) Reflect.deleteProperty(globalThis, name);
      else Object.defineProperty(globalThis, name, earlier);
    }
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}

/** Where the process keeps it: two copies of this package are one installation. */
const INSTALLED = Symbol.for("fairlead.installed");

interface Globals {
  [INSTALLED]?: GlobalInstallation | undefined;
}

/** What is installed now. */
export function installed(): GlobalInstallation | undefined {
  return (globalThis as Globals)[INSTALLED];
}

/** Notes what is installed. */
export function noteInstalled(installation: GlobalInstallation | undefined): void {
  (globalThis as Globals)[INSTALLED] = installation;
}

/** The global `fetch`, or the one that it was before a manager's took its place. */
export function uninstalledFetch(): typeof globalThis.fetch {
  return installed()?.earlierFetch ?? globalThis.fetch;
}
