/**
 * Names an alert by its number, as the registry writes it; `alert N` for one that is not registered.
 *
 * @see RFC 8446 section 6, and the IANA registry "TLS Alerts"
 */
export function alertName(description: number): string {
  return names.get(description) ?? `alert ${String(description)}`;
}

const names: ReadonlyMap<number, string> = new Map([
  [0, "close_notify"],
  [10, "unexpected_message"],
  [20, "bad_record_mac"],
  [21, "decryption_failed_RESERVED"],
  [22, "record_overflow"],
  [30, "decompression_failure_RESERVED"],
  [40, "handshake_failure"],
  [41, "no_certificate_RESERVED"],
  [42, "bad_certificate"],
  [43, "unsupported_certificate"],
  [44, "certificate_revoked"],
  [45, "certificate_expired"],
  [46, "certificate_unknown"],
  [47, "illegal_parameter"],
  [48, "unknown_ca"],
  [49, "access_denied"],
  [50, "decode_error"],
  [51, "decrypt_error"],
  [60, "export_restriction_RESERVED"],
  [70, "protocol_version"],
  [71, "insufficient_security"],
  [80, "internal_error"],
  [86, "inappropriate_fallback"],
  [90, "user_canceled"],
  [100, "no_renegotiation_RESERVED"],
  [109, "missing_extension"],
  [110, "unsupported_extension"],
  [111, "certificate_unobtainable_RESERVED"],
  [112, "unrecognized_name"],
  [113, "bad_certificate_status_response"],
  [114, "bad_certificate_hash_value_RESERVED"],
  [115, "unknown_psk_identity"],
  [116, "certificate_required"],
  [120, "no_application_protocol"],
  [121, "ech_required"],
]);

/** What a received alert means to the side that receives it, as far as it says more than its name. */
export type AlertMeaning = "version" | "certificate-required" | "certificate-rejected" | "other";

/**
 * Judges an alert that the client received. The certificate alerts are about the client's own certificate; a client
 * that sent none and hears them was expected to send one.
 *
 * `handshake_failure` is what a TLS 1.2 server answers a missing certificate with, but also when no cipher is shared: that
 * it says before it has shown a certificate of its own (`peerShown`).
 *
 * @see RFC 8446 section 6.2; RFC 5246 section 7.2.2
 */
export function alertMeaning(description: number, sentCertificate: boolean, peerShown = false): AlertMeaning {
  switch (description) {
    case 70:
      return "version";
    case 116:
    case 41:
      return "certificate-required";
    case 40:
      return peerShown && !sentCertificate ? "certificate-required" : "other";
    case 42:
    case 43:
    case 44:
    case 45:
    case 46:
    case 48:
    case 49:
      return sentCertificate ? "certificate-rejected" : "other";
    default:
      return "other";
  }
}
