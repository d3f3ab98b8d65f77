import { serviceFamily } from "../service-entry.ts";
import { afterHandshakeFaultServices } from "./after-handshake-faults.ts";
import { cipherServices, sharedKeyServices } from "./ciphers.ts";
import { clientCertificateServices } from "./client-certificates.ts";
import { earlyDataServices } from "./early-data.ts";
import { endingFaultServices } from "./ending-faults.ts";
import { groupServices } from "./groups.ts";
import { handshakeFaultServices } from "./handshake-faults.ts";
import { handshakeStallServices } from "./handshake-stalls.ts";
import { helloFaultServices } from "./hello-faults.ts";
import { keyExchangeServices } from "./key-exchanges.ts";
import { negotiationServices } from "./negotiation.ts";
import { recordFaultServices } from "./record-faults.ts";
import { sessionServices } from "./sessions.ts";
import { versionServices } from "./versions.ts";

/** TLS that is narrowed, each in one way. */
export const handshakeServices = serviceFamily("tls", "speak TLS in one particular way", [
  ...versionServices,
  ...cipherServices,
  ...sharedKeyServices,
  ...groupServices,
  ...keyExchangeServices,
  ...clientCertificateServices,
  ...sessionServices,
  ...earlyDataServices,
  ...negotiationServices,
]);

/** Hand-made handshakes that no library would make. */
export const handshakeFaultFamily = serviceFamily("tls-handshake", "break or bend the handshake of TLS", [
  ...helloFaultServices,
  ...handshakeFaultServices,
  ...handshakeStallServices,
]);

/** What comes after a good handshake, made by hand. */
export const recordFaultFamily = serviceFamily("tls-records", "break or bend TLS after the handshake", [
  ...recordFaultServices,
  ...afterHandshakeFaultServices,
  ...endingFaultServices,
]);
