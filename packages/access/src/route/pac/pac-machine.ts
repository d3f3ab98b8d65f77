import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { TransportError } from "@fairlead/core";
import type { JSValueHandle, QuickJS } from "quickjs-wasi";
import { PAC_LIBRARY } from "./pac-library.ts";

/** How long a script may think about one question, in one go. */
const THINKING_MILLISECONDS = 250;
/** What it may use for that. */
const MEMORY_LIMIT_BYTES = 32 * 1024 * 1024;
/** Bytes of an answer; sixteen proxies fit in ten times over. */
const ANSWER_LIMIT_CHARACTERS = 16_384;

/** What came of a question. */
export type PacAnswer =
  | { readonly type: "answer"; readonly text: string }
  /** It has to know the addresses of these names first, and is asked again then. */
  | { readonly type: "names"; readonly names: readonly string[] };

/**
 * A script in a world of its own: a JavaScript engine in WebAssembly that has the language, the functions of the format,
 * and nothing else. Whatever it does, it has an end: of time, memory and stack.
 */
export class PacMachine {
  readonly #vm: QuickJS;
  readonly #find: JSValueHandle;
  readonly #clock: { until: number };
  #names: ReadonlyMap<string, string | null> = new Map();
  readonly #wanted = new Set<string>();

  private constructor(vm: QuickJS, clock: { until: number }, script: string) {
    this.#vm = vm;
    this.#clock = clock;
    const library = this.#run(() => vm.evalCode(PAC_LIBRARY, "library"));
    const lookUp = vm.newFunction("lookUp", (name) => this.#lookUp(vm.dump(name)));
    this.#run(() => vm.callFunction(library, vm.undefined, vm.global, lookUp, vm.newString(ownAddress())));
    this.#run(() => vm.evalCode(script, "proxy.pac"));
    // By its name, since a constant is no property of the global object.
    this.#find = this.#run(() => vm.evalCode('typeof FindProxyForURL === "function" ? FindProxyForURL : undefined'));
    if (vm.typeof(this.#find) !== "function") throw failed("it defines no FindProxyForURL");
  }

  /**
   * Loads the engine, and the script into it.
   *
   * @throws TransportError PROXY_SCRIPT_FAILED
   */
  static async load(script: string): Promise<PacMachine> {
    const { QuickJS, Intrinsics } = await import("quickjs-wasi");
    const clock = { until: 0 };
    const vm = await QuickJS.create({
      wasm: await readFile(new URL(import.meta.resolve("quickjs-wasi/quickjs.wasm"))),
      memoryLimit: MEMORY_LIMIT_BYTES,
      interruptHandler: () => performance.now() > clock.until,
      // Nothing that could run later than it is asked.
      intrinsics: Intrinsics.ALL & ~(Intrinsics.PROMISE | Intrinsics.WEAK_REF | Intrinsics.PERFORMANCE),
    });
    return new PacMachine(vm, clock, script);
  }

  /**
   * Asks it.
   *
   * @param names addresses of names as far as they are known; `null` for one that has none.
   * @throws TransportError PROXY_SCRIPT_FAILED; the machine must not be asked again then.
   */
  ask(url: string, host: string, names: ReadonlyMap<string, string | null>): PacAnswer {
    const vm = this.#vm;
    this.#names = names;
    this.#wanted.clear();
    let text: string;
    try {
      const answer: unknown = this.#run(() =>
        vm.withScope(() => vm.dump(vm.callFunction(this.#find, vm.undefined, vm.newString(url), vm.newString(host)))),
      );
      // Null is how old scripts say that they want no proxy.
      text = typeof answer === "string" ? answer : (answer ?? null) === null ? "" : failWith("its answer is no text");
    } catch (error) {
      // Whatever it makes of a name that is not known yet, is nothing.
      if (this.#wanted.size > 0) return { type: "names", names: [...this.#wanted] };
      throw error;
    }
    if (this.#wanted.size > 0) return { type: "names", names: [...this.#wanted] };
    if (text.length > ANSWER_LIMIT_CHARACTERS) throw failed("its answer is too long");
    return { type: "answer", text };
  }

  #lookUp(name: unknown): JSValueHandle {
    const known = this.#names.get(String(name));
    if (known === undefined) {
      this.#wanted.add(String(name));
      throw new Error("not known yet");
    }
    return known === null ? this.#vm.null : this.#vm.newString(known);
  }

  #run<Result>(step: () => Result): Result {
    this.#clock.until = performance.now() + THINKING_MILLISECONDS;
    try {
      return step();
    } catch (error) {
      if (this.#wanted.size > 0) throw error;
      throw error instanceof TransportError ? error : failed(describe(error));
    }
  }
}

/** What scripts ask for to find out in which network they are: an address of this machine. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "127.0.0.1";
}

/** The engine's word for it. A script throws what it likes, and its text goes into no log. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : "";
  if (message === "interrupted") return `it thought for more than ${String(THINKING_MILLISECONDS)} ms`;
  if (message === "out of memory") return "it ran out of memory";
  return error instanceof Error && /^\w{1,40}$/.test(error.name) ? `it failed with ${error.name}` : "it failed";
}

/** Names what is wrong with a script. */
export function failed(detail: string, cause?: unknown): TransportError {
  return new TransportError("PROXY_SCRIPT_FAILED", { operation: "choose a proxy", detail, cause });
}

function failWith(detail: string): never {
  throw failed(detail);
}
