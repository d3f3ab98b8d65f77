import { hkdfSync, randomBytes } from "node:crypto";
import type { Server } from "node:tls";

/** OpenSSL's own: two hours. */
const defaultLifeSeconds = 7200;

/**
 * Tickets of the services that node:tls makes, by the network's clock: they are taken until they are as old as they may
 * be, whatever the system's clock says, and also by a service that was opened anew since.
 *
 * @see RFC 5077 section 4, whose ticket OpenSSL makes
 */
export class NetworkTickets {
  readonly #now: () => number;
  readonly #secret = randomBytes(32);

  /** `now` is the network's time, in milliseconds since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Has a server issue and take tickets for the service of this name. Each service has keys of its own. */
  attach(server: Server, service: string, lifeSeconds = defaultLifeSeconds): void {
    const keys = Buffer.from(hkdfSync("sha256", this.#secret, "", `tickets of ${service}`, 40));
    const [mark, authenticationKey, encryptionKey] = [keys.subarray(0, 8), keys.subarray(8, 24), keys.subarray(24)];
    answerTicketQuestions(server, (name, initializationVector, isNew) => {
      const answer = [authenticationKey, encryptionKey] as const;
      if (isNew) {
        const issued = Buffer.alloc(8);
        issued.writeDoubleBE(this.#now());
        return [Answer.use, ...answer, Buffer.concat([mark, issued]), randomBytes(16)];
      }
      const age = this.#now() - name.readDoubleBE(8);
      const isGood = mark.equals(name.subarray(0, 8)) && Math.abs(age) < lifeSeconds * 1000;
      return [isGood ? Answer.use : Answer.refuse, ...answer, name, initializationVector];
    });
  }
}

/** Has a server issue tickets that it never takes. */
export function issueWorthlessTickets(server: Server): void {
  answerTicketQuestions(server, (_, initializationVector, isNew) => {
    const keys = [randomBytes(16), randomBytes(16)] as const;
    return [
      isNew ? Answer.use : Answer.refuse,
      ...keys,
      randomBytes(16),
      isNew ? randomBytes(16) : initializationVector,
    ];
  });
}

/** What OpenSSL does with a ticket: a full handshake, or what the keys make of it. */
const Answer = { refuse: 0, use: 1 } as const;

type TicketAnswer = readonly [
  answer: 0 | 1,
  authenticationKey: Uint8Array,
  encryptionKey: Uint8Array,
  name: Uint8Array,
  initializationVector: Uint8Array,
];

/** Asked with the 16 bytes that begin a ticket and the 16 after, or for those of a new ticket. */
type TicketQuestion = (name: Buffer, initializationVector: Buffer, isNew: boolean) => TicketAnswer;

/** The part of node:tls that its documentation leaves out: what becomes of each ticket. */
interface NativeContext {
  enableTicketKeyCallback: () => void;
  onticketkeycallback: TicketQuestion;
}

function answerTicketQuestions(server: Server, answer: TicketQuestion): void {
  const credentials: unknown = Reflect.get(server, "_sharedCreds");
  // What Node.js 22.19 and later have there; its own tests of renewed tickets go the same way.
  const { context } = credentials as { readonly context: NativeContext };
  context.enableTicketKeyCallback();
  context.onticketkeycallback = answer;
}
