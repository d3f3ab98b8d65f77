import type { RequestContext } from "./fetch-handler.ts";

/** A value, or a promise of it. */
export type Awaitable<Value> = Value | Promise<Value>;

/**
 * Something that every request passes on its way to the handler, and every answer on its way back. What a hook throws is
 * handled as if the handler had thrown it.
 */
export interface Plugin {
  /** Told in errors and traces. */
  readonly name: string;
  /**
   * Called in the order of the plug-ins. A request that it returns goes on in the place of the first; a response is the
   * answer, which passes the response hooks of those before this one.
   */
  request?(request: Request, context: RequestContext): Awaitable<Request | Response | undefined>;
  /** Called in the reverse order, before anything of the answer is sent. */
  response?(response: Response, request: Request, context: RequestContext): Awaitable<Response>;
  /** Called once, when the server has closed. */
  close?(): Awaitable<void>;
}
