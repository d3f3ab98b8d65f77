import { EventEmitter } from "node:events";
import { createRequire } from "node:module";
import type * as Engine from "undici";

let loaded: typeof Engine | undefined;

/** undici whole. It takes longer to load than all of this package, and few applications ask in its ways. */
export function engine(): typeof Engine {
  return (loaded ??= createRequire(import.meta.url)("undici") as typeof Engine);
}

/** What undici adds to whatever can `dispatch`: its own ways of asking. */
class LazyDispatcher extends EventEmitter {
  compose(...given: unknown[]): unknown {
    return ask("compose", this, given);
  }

  connect(...given: unknown[]): unknown {
    return ask("connect", this, given);
  }

  pipeline(...given: unknown[]): unknown {
    return ask("pipeline", this, given);
  }

  request(...given: unknown[]): unknown {
    return ask("request", this, given);
  }

  stream(...given: unknown[]): unknown {
    return ask("stream", this, given);
  }

  upgrade(...given: unknown[]): unknown {
    return ask("upgrade", this, given);
  }
}

type Method = "compose" | "connect" | "pipeline" | "request" | "stream" | "upgrade";

function ask(method: Method, dispatcher: LazyDispatcher, given: readonly unknown[]): unknown {
  // Each takes what its caller knows that it takes.
  const methods = engine().Dispatcher.prototype as unknown as Record<Method, (...given: unknown[]) => unknown>;
  return Reflect.apply(methods[method], dispatcher, given);
}

/**
 * The base of a dispatcher as undici has it, without undici until one of its methods is called. It is not an `instanceof`
 * undici's own class, which nothing asks for: a dispatcher is what can `dispatch`.
 *
 * What it does not have, `dispatch`, `close` and `destroy`, is for those to define who derive from it.
 */
export const EngineDispatcher = LazyDispatcher as unknown as typeof Engine.Dispatcher;
