/** What a process has installed, and how it is undone. */
export interface Installation extends Disposable {
  /**
   * Puts back what was there before. Whoever kept the installed function has the earlier one by it from then on; what
   * others have put in its place meanwhile stays. Harmless when it was done before.
   */
  restore(): void;
}

/** An installation, for those who come later. */
export interface Installed {
  /** Which manager; `undefined` for the default one. */
  readonly manager: object | undefined;
  readonly installation: Installation;
  /** The global `fetch` that there was before. */
  readonly earlier: typeof globalThis.fetch;
}

/** Where the process keeps it: two copies of this package are one installation. */
const INSTALLED = Symbol.for("fairlead.installed");

interface Globals {
  [INSTALLED]?: Installed | undefined;
}

/** What is installed now. */
export function installed(): Installed | undefined {
  return (globalThis as Globals)[INSTALLED];
}

/** Notes what is installed. */
export function noteInstalled(value: Installed | undefined): void {
  (globalThis as Globals)[INSTALLED] = value;
}

/** The global `fetch`, or the one that it was before a manager's took its place. */
export function uninstalledFetch(): typeof globalThis.fetch {
  return installed()?.earlier ?? globalThis.fetch;
}
