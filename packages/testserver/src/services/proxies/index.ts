import { serviceFamily } from "../service-entry.ts";
import { openHttp2Proxy } from "./http2-proxy.ts";
import { openHttpProxy } from "./http-proxy.ts";
import { openHttpsProxy } from "./https-proxy.ts";
import { interceptTunnels } from "./intercept.ts";

/** HTTP proxies as they should be. They go to names of the network and to loopback, and nowhere else. */
export const proxyServices = serviceFamily("proxies", "pass HTTP on to the network, as proxies do", [
  {
    name: "proxy-http",
    scheme: "http",
    does: "passes requests on, and opens tunnels by CONNECT",
    example: "curl -x {origin} http://a.fairlead.test:{port:http}/echo",
    halfOpen: true,
    open: openHttpProxy,
  },
  {
    name: "proxy-https",
    scheme: "https",
    does: "is a proxy to which clients speak over TLS",
    example: "curl --proxy-cacert {ca} -x {origin} http://a.fairlead.test:{port:http}/echo",
    halfOpen: true,
    followsClock: true,
    open: (network, self) => openHttpsProxy(network, self),
  },
  {
    name: "proxy-h2",
    scheme: "https",
    does: "opens tunnels as streams of HTTP/2 over TLS, and nothing else",
    example: "nghttp -v {origin}",
    halfOpen: true,
    followsClock: true,
    open: openHttp2Proxy,
  },
  {
    name: "proxy-intercept",
    scheme: "http",
    does: "reads what goes through tunnels of TLS, as companies do: with certificates of the other authority",
    example: "curl -k -v -x {origin} https://a.fairlead.test:{port:https}/echo",
    halfOpen: true,
    followsClock: true,
    open: (network, self) => openHttpProxy(network, self, { tunnel: interceptTunnels(network) }),
  },
]);
