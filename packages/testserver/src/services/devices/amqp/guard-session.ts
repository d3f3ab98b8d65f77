import type { Session } from "rhea";

/** The parts of the library's session that its declarations leave out. */
interface Inside {
  readonly links: Record<string, { name: string }>;
  readonly incoming: Dispositions;
  readonly outgoing: Dispositions;
  on_attach: (frame: { readonly performative: { readonly name: string; readonly role: boolean } }) => void;
}

interface Dispositions {
  on_disposition: (fields: { readonly first: number; readonly last?: number }) => void;
}

const linkLimit = 64;
/** The widest range of deliveries that one frame may settle. */
const settledAtOnce = 10_000;

/**
 * Mends and bounds what a peer can do to a session of the library.
 *
 * A link's name is its own in one direction (AMQP 1.0 section 2.6.1); the library has one list for both, and refuses what
 * many clients do: to send to a queue and receive from it under one name. And it walks through all deliveries that a
 * frame settles, be they four thousand million.
 *
 * @param refuse ends the connection
 */
export function guardSession(session: Session, refuse: (reason: string) => void): void {
  const inside = session as unknown as Inside;
  const attach = inside.on_attach.bind(session);
  inside.on_attach = (frame) => {
    const { links } = inside;
    const { name, role } = frame.performative;
    const key = `${role ? "receiver" : "sender"} ${name}`;
    if (Object.keys(links).length >= linkLimit || Object.hasOwn(links, key)) {
      refuse("too many links, or two of one name");
      return;
    }
    attach(frame);
    const link = links[name];
    if (link === undefined) return;
    // It goes by this when it is removed; what the peer is told was written before.
    link.name = key;
    links[key] = link;
    Reflect.deleteProperty(links, name);
  };
  for (const side of [inside.incoming, inside.outgoing]) {
    const settle = side.on_disposition.bind(side);
    side.on_disposition = (fields) => {
      if ((fields.last ?? fields.first) - fields.first > settledAtOnce) refuse("too many deliveries settled at once");
      else settle(fields);
    };
  }
}
