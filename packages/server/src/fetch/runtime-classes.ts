// Asking the runtime for its classes loads its whole fetch, which is no cost for an import to have: classes are joined when
// the first object of them is made.
let hasJoinedRequest = false;
let hasJoinedResponse = false;

/** Makes one of ours the runtime's own, of its class; `undefined` for anything else. */
export type ToRuntime = (request: object, Runtime: typeof Request) => Request | undefined;

/**
 * Makes `instanceof Request` true of ours, and has `new Request(ours)` take it.
 *
 * The runtime's constructor looks at private fields that only it can make, which would cost each request. So the global
 * `Request` becomes the same class behind a proxy, in whose construction the runtime's own stands in for ours.
 */
export function joinRequest(ours: object, toRuntime: ToRuntime): void {
  if (hasJoinedRequest) return;
  hasJoinedRequest = true;
  const Runtime = globalThis.Request;
  join(ours, Runtime.prototype, new Runtime("http://localhost"));
  globalThis.Request = new Proxy(Runtime, {
    construct(target, [input, ...rest]: unknown[], newTarget) {
      const own = typeof input === "object" && input !== null ? toRuntime(input, target) : undefined;
      // What it makes is what its class makes.
      return Reflect.construct(target, [own ?? input, ...rest], newTarget) as Request;
    },
  });
}

/** Makes `instanceof Response` true of ours, and gives it the static methods of the runtime's. */
export function joinResponse(Ours: { readonly prototype: object }): void {
  if (hasJoinedResponse) return;
  hasJoinedResponse = true;
  join(Ours.prototype, Response.prototype, new Response());
  Object.setPrototypeOf(Ours, Response);
}

/** What ours does not say itself is as in an object of the runtime's that says nothing of it. */
function join(ours: object, runtimes: object, plain: object): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(ours))) {
    Object.defineProperty(ours, name, { ...property, enumerable: name !== "constructor" });
  }
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(runtimes))) {
    if (property.get === undefined || Object.hasOwn(ours, name)) continue;
    const constant: unknown = property.get.call(plain);
    Object.defineProperty(ours, name, { get: () => constant, enumerable: true, configurable: true });
  }
  Object.defineProperty(ours, "constructor", { value: runtimes.constructor });
  Object.setPrototypeOf(ours, runtimes);
}
