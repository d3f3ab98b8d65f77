/** Whether the captive portal of a network lets its clients out, as they have it change. */
export class CaptivePortalTerms {
  isCaptive = true;
}
