import type { Alternative } from "@fairlead/http/alt-svc";
import type { Proxy } from "@fairlead/http/proxies";
import { formatPeer } from "@fairlead/transport";
import { HopBody } from "../agreement/hop-body.ts";
import type { Dispatch, DispatchController, DispatchHandler, HopOptions, ResponseFields, Stage } from "../dispatch.ts";
import type { AlternativeMemory } from "../memory/alternative-memory.ts";
import { failedController } from "../pool/failed-controller.ts";
import { hasField, withField, withoutFields } from "../request-fields.ts";
import { ONLY_DIRECT, type ChooseRoutes } from "../route/choose-routes.ts";
import type { FailedRoutes } from "../route/failed-routes.ts";
import { leadsNowhere } from "../route/leads-nowhere.ts";
import { describeRoute, DIRECT, forwardingProxy, routeKey, type Route } from "../route/route.ts";
import type { RepeatReason } from "../transaction.ts";
import { untilAborted } from "../until-aborted.ts";

import { answerError } from "./answer.ts";
import { LeavingExchange } from "./leaving-exchange.ts";

/** What routing needs of the manager. */
export interface RouteRules {
  /** The manager's own choice; `undefined` for straight to every origin. */
  readonly choose: ChooseRoutes | undefined;
  readonly failed: FailedRoutes;
  /** `undefined` where none are to be used. */
  readonly alternatives: AlternativeMemory | undefined;
}

/** 421 (Misdirected Request). RFC 9110 section 15.5.20. */
const MISDIRECTED_REQUEST = 421;

/**
 * Chooses the way of each hop, and takes the next where one leads nowhere, as long as nothing of the request was sent.
 */
export function route(rules: RouteRules): Stage {
  return (next) => (options, handler) => {
    const choose = options.exchange.chooseRoutes ?? rules.choose;
    const { target, path, exchange } = options;
    let routes: ReturnType<ChooseRoutes>;
    try {
      routes =
        choose === undefined
          ? ONLY_DIRECT
          : choose({ target, path, partition: exchange.partition, signal: exchange.signal });
    } catch (error) {
      return answerError(handler, error as Error);
    }
    const go = (found: readonly Route[]): boolean => {
      const [only = DIRECT] = found;
      const isDirect = found.length < 2 && only.type === "direct";
      // Nobody knows whether an alternative gives its streams to other protocols.
      const mayBeElsewhere = isDirect && typeof options.upgrade !== "string";
      const alternative = mayBeElsewhere ? rules.alternatives?.find(target, exchange.partition) : undefined;
      if (isDirect && alternative === undefined) return next(options, handler);
      const ways = alternative === undefined ? found : [alternativeRoute(alternative), DIRECT];
      new RoutedRequest(options, handler, next, rules, ways).send();
      return true;
    };
    if (!(routes instanceof Promise)) return go(routes);
    const chosen = routes;
    untilAborted([exchange.signal], () => chosen)
      .then(go)
      .catch((error: unknown) => {
        handler.onResponseError?.(failedController, error as Error);
      });
    return true;
  };
}

/**
 * Puts a request that a proxy forwards into absolute form, keeps what is said to proxies from everyone else, and tells an
 * alternative service that it is one.
 *
 * @see RFC 9112 section 3.2.2; RFC 9110 section 11.7.2
 */
export const forward: Stage = (next) => (options, handler) => {
  const { route: way, target, headers } = options;
  if (way === undefined) return next(options, handler);
  if (way.type === "alternative") {
    // RFC 7838 section 5.
    return next({ ...options, headers: withField(headers, "Alt-Used", formatPeer(way.host, way.port)) }, handler);
  }
  if (forwardingProxy(way, target.secure) !== undefined) {
    return next({ ...options, path: target.origin + options.path }, handler);
  }
  if (way.type !== "proxies" || !hasField(headers, "proxy-authorization")) return next(options, handler);
  return next({ ...options, headers: withoutFields(headers, (name) => name === "proxy-authorization") }, handler);
};

/** Tells no proxy on the way who asks. */
export const withoutProxyCredentials: Stage = (next) => (options, handler) => {
  const { route: way } = options;
  if (way?.type !== "proxies") return next(options, handler);
  const [nearest, ...others] = way.proxies;
  const anonymous = (proxy: Proxy): Proxy => ({ ...proxy, credentials: undefined });
  return next({ ...options, route: { ...way, proxies: [anonymous(nearest), ...others.map(anonymous)] } }, handler);
};

function alternativeRoute({ host, port }: Alternative): Route {
  return { type: "alternative", host, port };
}

/** One hop, over the routes that there are. */
class RoutedRequest {
  readonly options: HopOptions;
  readonly handler: DispatchHandler;
  readonly rules: RouteRules;
  readonly #next: Dispatch;
  readonly #routes: readonly Route[];
  readonly #body: HopBody | undefined;
  #index = 0;

  constructor(
    options: HopOptions,
    handler: DispatchHandler,
    next: Dispatch,
    rules: RouteRules,
    routes: readonly Route[],
  ) {
    this.options = options;
    this.handler = handler;
    this.rules = rules;
    this.#next = next;
    this.#routes = rules.failed.last(routes);
    this.#body = routes.length > 1 ? new HopBody(options) : undefined;
  }

  get route(): Route {
    const route = this.#routes[this.#index] ?? DIRECT;
    // RFC 6455 section 4.1: a WebSocket goes through a tunnel.
    return route.type === "proxies" && typeof this.options.upgrade === "string" ? { ...route, tunnels: true } : route;
  }

  send(): void {
    const { options, route: way } = this;
    options.hop.route = describeRoute(way);
    const body = this.#body === undefined ? {} : { body: this.#body.open() };
    this.#next({ ...options, ...body, route: way }, new RoutedAttempt(this));
  }

  /** Nothing will be sent again. */
  settle(error?: Error): void {
    if (error === undefined) this.#body?.release();
    else this.#body?.close(error);
  }

  /** Whether an alternative says that it does not speak for the origin, and the origin can be asked. RFC 7838 section 6. */
  isMisdirected(status: number): boolean {
    if (this.route.type !== "alternative" || status !== MISDIRECTED_REQUEST) return false;
    const { target, exchange } = this.options;
    this.rules.alternatives?.forget(target, exchange.partition);
    return this.#body?.canRepeat !== false && this.#index + 1 < this.#routes.length;
  }

  goOn(controller: DispatchController): void {
    this.#index += 1;
    this.#repeat(controller, "route");
  }

  /** Goes the next way, if the one before led nowhere and there is another. */
  goElsewhere(controller: DispatchController, error: Error): boolean {
    if (!leadsNowhere(this.route, error, this.options.target)) return false;
    this.rules.failed.add(routeKey(this.route));
    if (this.#index + 1 >= this.#routes.length) return false;
    this.goOn(controller);
    return true;
  }

  #repeat(controller: DispatchController, reason: RepeatReason): void {
    const { hop, exchange } = this.options;
    try {
      exchange.signal?.throwIfAborted();
      hop.repeats = [...hop.repeats, reason];
      this.send();
    } catch (error) {
      this.settle(error as Error);
      this.handler.onResponseError?.(controller, error as Error);
    }
  }
}

/** One way of one hop. */
class RoutedAttempt extends LeavingExchange {
  readonly #request: RoutedRequest;
  #began = false;

  constructor(request: RoutedRequest) {
    super(request.handler);
    this.#request = request;
  }

  override onRequestStart(controller: DispatchController, context: unknown): void {
    this.#began = true;
    this.#request.rules.failed.delete(routeKey(this.#request.route));
    super.onRequestStart(controller, context);
  }

  override onResponseStart(
    controller: DispatchController,
    status: number,
    fields: ResponseFields,
    message: string | undefined,
  ): void {
    if (this.#request.isMisdirected(status)) {
      this.leave(controller);
      // In a microtask the rest of a short response has been read.
      queueMicrotask(() => this.#request.goOn(controller));
      return;
    }
    if (status >= 200) this.#request.settle();
    super.onResponseStart(controller, status, fields, message);
  }

  override onResponseError(controller: DispatchController, error: Error): void {
    if (!this.#began && this.#request.goElsewhere(controller, error)) return;
    this.#request.settle(error);
    super.onResponseError(controller, error);
  }
}
