import { controlServices } from "../control/control-service.ts";
import { certificateFamilies } from "./certificates/index.ts";
import { deviceFamilies } from "./devices/index.ts";
import { httpServices } from "./http/index.ts";
import { databaseServices } from "./databases/index.ts";
import { fileServices } from "./files/index.ts";
import { http2Services } from "./http2/index.ts";
import { mailServices } from "./mail/index.ts";
import { nameServices } from "./names/index.ts";
import { portalServices } from "./portals/index.ts";
import { failingProxyServices } from "./proxies/failing.ts";
import { guardedProxyServices } from "./proxies/guarded.ts";
import { proxyServices } from "./proxies/index.ts";
import { lyingProxyServices } from "./proxies/lying.ts";
import type { ServiceFamily } from "./service-entry.ts";
import { socksServices } from "./socks/index.ts";
import { tcpServices } from "./tcp/index.ts";
import { handshakeFaultFamily, handshakeServices, recordFaultFamily } from "./tls/index.ts";

const families = [
  httpServices,
  http2Services,
  handshakeServices,
  handshakeFaultFamily,
  recordFaultFamily,
  ...certificateFamilies,
  mailServices,
  fileServices,
  databaseServices,
  proxyServices,
  guardedProxyServices,
  lyingProxyServices,
  failingProxyServices,
  socksServices,
  nameServices,
  portalServices,
  tcpServices,
  ...deviceFamilies,
  controlServices,
] as const;

/** Every service of a network. A new family is a folder and a line here. */
export const serviceFamilies: readonly ServiceFamily[] = families;

/** Names of all services. */
export type ServiceName = (typeof families)[number]["services"][number]["name"];
