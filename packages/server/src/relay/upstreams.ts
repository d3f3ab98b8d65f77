import { UsageError } from "@fairlead/core";
import { chooseServer } from "./protocol/health.ts";
import { Upstream, type UpstreamOptions } from "./upstream.ts";

/** Targets that are remembered, of an application that names them request by request. */
const LIMIT = 256;

/** The servers behind a proxy, by their names. */
export class Upstreams {
  readonly #options: UpstreamOptions;
  readonly #byName = new Map<string, Upstream>();
  #turn = 0;

  constructor(options: UpstreamOptions) {
    this.#options = options;
  }

  /**
   * The servers of these names.
   *
   * @throws UsageError OPTION_INVALID for none, and for what is no target.
   */
  of(names: string | readonly string[]): readonly Upstream[] {
    const list = typeof names === "string" ? [names] : names;
    if (list.length === 0) throw new UsageError("OPTION_INVALID", { detail: "target", remedy: "name at least one" });
    return list.map((name) => this.#one(name));
  }

  /** The one that is asked next. */
  choose(candidates: readonly Upstream[]): Upstream {
    const now = Date.now();
    const [first, ...others] = candidates;
    if (first === undefined) throw new UsageError("OPTION_INVALID", { detail: "target" });
    const index = others.length === 0 ? 0 : (chooseServer(candidates, this.#turn++, now) ?? 0);
    const chosen = candidates[index] ?? first;
    chosen.tried(now);
    return chosen;
  }

  close(): void {
    for (const upstream of this.#byName.values()) upstream.close();
  }

  #one(name: string): Upstream {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= LIMIT) this.#forgetIdle();
    const upstream = new Upstream(name, this.#options);
    this.#byName.set(name, upstream);
    return upstream;
  }

  #forgetIdle(): void {
    for (const [name, upstream] of this.#byName) if (upstream.isIdle) this.#byName.delete(name);
  }
}
