/** Why a broker refuses a connection, by what can be done about it. */
export type ConnackRefusal =
  /** Who the client is, or says it is. */
  | "login"
  /** It may take it later. */
  | "unavailable"
  /** The client asks for what the broker does not do. */
  | "other";

/**
 * Sorts the code of a CONNACK that is not 0. Codes below 128 are those of MQTT 3.1.1, the others those of MQTT 5.
 *
 * @see MQTT 3.1.1 section 3.2.2.3; MQTT 5.0 section 3.2.2.2
 */
export function sortConnackRefusal(code: number): ConnackRefusal {
  if (login.has(code)) return "login";
  return unavailable.has(code) ? "unavailable" : "other";
}

/** Bad user name or password, not authorized; banned, bad authentication method. */
const login: ReadonlySet<number> = new Set([4, 5, 0x86, 0x87, 0x8a, 0x8c]);
/** Server unavailable; server busy, quota exceeded, connection rate exceeded. */
const unavailable: ReadonlySet<number> = new Set([3, 0x88, 0x89, 0x97, 0x9f]);
