/** Whether there is an internet: what addresses, probes and captive portals say. RFC 8908, RFC 8910, RFC 6585. */
export { addressesKey, hasUsableAddress, type InterfaceAddress, type NetworkInterfaces } from "./addresses.ts";
export {
  CAPTIVE_PORTAL_MEDIA_TYPE,
  parseCaptivePortalDocument,
  type CaptivePortalDocument,
} from "./captive-portal-document.ts";
export { hintGapMilliseconds, noteFailure, type ConnectivityHint } from "./hints.ts";
export { judgeProbe, NO_VERDICT, type ProbeResponse, type ProbeVerdict } from "./probe-verdict.ts";
export { nextCheckMilliseconds, type CheckHistory } from "./schedule.ts";
export {
  decideConnectivity,
  type CaptivePortal,
  type ConnectivityFindings,
  type ConnectivityState,
  type ConnectivityVerdict,
} from "./verdict.ts";
