import { PROXY_ROLE } from "../authentication/role.ts";
import type { Stage } from "../dispatch.ts";
import { hasField } from "../request-fields.ts";
import { proxySubject, type ProxyAuthentication } from "../route/proxy-authentication.ts";
import { forwardingProxy } from "../route/route.ts";
import { AuthenticatedRequest, type AuthenticationRules } from "./authenticate.ts";

/** What telling proxies needs of the manager. */
export interface ProxyAuthenticationRules extends AuthenticationRules {
  readonly proxies: ProxyAuthentication;
}

/**
 * Says who the client is to a proxy that forwards the request itself; those that open tunnels are told when the tunnel is
 * opened. A `Proxy-Authorization` field of the application's own takes its place, whatever it gets. A 407 that no such
 * proxy can have sent is a response like any other.
 *
 * @see RFC 9110 section 11.7
 */
export function authenticateProxy(rules: ProxyAuthenticationRules): Stage {
  return (next) => (options, handler) => {
    const { route, target, exchange, headers } = options;
    const proxy = route === undefined ? undefined : forwardingProxy(route, target.secure);
    if (proxy === undefined || hasField(headers, PROXY_ROLE.credentialsField)) return next(options, handler);
    const asker = rules.proxies.askerFor(proxy, exchange.onAuthenticate);
    if (asker === undefined) return next(options, handler);
    const peer = { ...proxySubject(proxy), target: target.origin + options.path, isExcepted: false, asker };
    return new AuthenticatedRequest(options, handler, PROXY_ROLE, peer, rules, next).send();
  };
}
