import { formatIdentity, statsOf } from "./store-file.ts";

/** What {@link FileWatch} works with. */
export interface FileWatchOptions {
  readonly path: string;
  /** Reads the file if it has changed. Rejects when it cannot be read now. */
  readonly look: () => Promise<void>;
  /** The file cannot be read any more; told once until it can be again. */
  readonly onLost: (cause: unknown) => void;
  readonly onBack: () => void;
}

/** How often a file is looked at: others' changes are seen in well below a second. */
const lookMilliseconds = 300;

/**
 * Looks at a file every now and then. It does not use `fs.watch`, which follows the file and not its name, and is told
 * nothing on a network's disk; a look costs one `lstat`.
 *
 * What cannot be read may be half of what an editor is writing, and a file that is gone may be about to be put back: it is
 * believed when it is the same at the next look.
 */
export class FileWatch {
  readonly #options: FileWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  /** How the file looked when all was done that was to be done about it. */
  #settled: string | undefined;
  /** How it looked when it could not be believed. */
  #doubted: string | undefined;
  #isLost = false;

  constructor(options: FileWatchOptions) {
    this.#options = options;
  }

  /** Begins to look. It does not keep the process alive. */
  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.look().then(() => {
        this.#looking = undefined;
        if (this.#timer !== undefined) this.start();
      });
    }, lookMilliseconds).unref();
  }

  /** Resolves when it does not look any more. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#looking;
  }

  /** Looks once; the time to do so comes by itself after `start`. Never rejects. */
  async look(): Promise<void> {
    let seen: string | undefined;
    try {
      const stats = await statsOf(this.#options.path);
      seen = stats === undefined ? "missing" : [stats.mode, stats.uid, stats.nlink, formatIdentity(stats)].join(":");
      if (seen === this.#settled) return;
      if (seen === "missing" && this.#doubted !== seen) {
        this.#doubted = seen;
        return;
      }
      await this.#options.look();
      this.#settle(seen);
      if (this.#isLost) {
        this.#isLost = false;
        this.#options.onBack();
      }
    } catch (error) {
      if (seen !== this.#doubted) {
        this.#doubted = seen;
        return;
      }
      this.#settle(seen);
      if (this.#isLost) return;
      this.#isLost = true;
      this.#options.onLost(error);
    }
  }

  #settle(seen: string | undefined): void {
    this.#settled = seen;
    this.#doubted = undefined;
  }
}
