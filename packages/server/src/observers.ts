import type { Exchange } from "./exchange/index.ts";
import type { ServerObserver } from "./server-observer.ts";

type Hook = Exclude<keyof ServerObserver, "around">;
type Told<Name extends Hook> = Parameters<NonNullable<ServerObserver[Name]>>;

/** Several observers as if they were one; a hook that nobody has costs a look. */
export class Observers {
  readonly #observers: readonly ServerObserver[];
  readonly #around: readonly ServerObserver[];
  readonly #heard: ReadonlySet<Hook>;
  readonly #onError: (error: unknown) => void;

  constructor(observers: readonly ServerObserver[], onError: (error: unknown) => void) {
    this.#observers = observers;
    this.#around = observers.filter((observer) => observer.around !== undefined);
    this.#heard = new Set(hooks.filter((hook) => observers.some((observer) => observer[hook] !== undefined)));
    this.#onError = onError;
  }

  tell<Name extends Hook>(hook: Name, ...told: Told<Name>): void {
    if (!this.#heard.has(hook)) return;
    for (const observer of this.#observers) {
      try {
        const result = (observer[hook] as ((...told: Told<Name>) => unknown) | undefined)?.apply(observer, told);
        // Whatever the type says, functions that wait may be given.
        if (result instanceof Promise) result.catch(this.#onError);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  /** Calls what handles an exchange, within those who stand around it; by itself where one of them fails to. */
  around(exchange: Exchange, handle: (exchange: Exchange) => void): void {
    if (this.#around.length === 0) {
      handle(exchange);
      return;
    }
    let isHandled = false;
    const handleOnce = (): void => {
      if (isHandled) return;
      isHandled = true;
      handle(exchange);
    };
    const outermost = this.#around.reduceRight<() => void>(
      (inner, observer) => () => {
        observer.around?.(exchange, inner);
      },
      handleOnce,
    );
    try {
      outermost();
    } catch (error) {
      this.#onError(error);
    }
    handleOnce();
  }
}

const hooks: readonly Hook[] = [
  "onConnection",
  "onConnectionEnd",
  "onConnectionFailure",
  "onExchange",
  "onEnd",
  "onRefusal",
];
