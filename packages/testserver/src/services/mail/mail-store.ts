import { seedMessages } from "./seed-messages.ts";

/** One message of a mailbox. */
export interface StoredMail {
  /** Grows with each message of the network, and is never given again. RFC 9051 section 2.3.1.1. */
  readonly uid: number;
  /** As it came: header, empty line, body, with CR LF. */
  readonly bytes: Buffer;
  /** When it came, by the network's clock. */
  readonly receivedAt: number;
  /** Who it was from and to, where it came by SMTP. */
  readonly envelope: { readonly from: string; readonly to: readonly string[] } | undefined;
  /** `\Seen` and the like. */
  readonly flags: Set<string>;
}

/** The mailboxes that there are. */
export const mailboxNames = ["INBOX", "Archive", "Sent"] as const;

/** The name of a mailbox. */
export type MailboxName = (typeof mailboxNames)[number];

/** Longest message. */
export const messageLimitBytes = 1_048_576;
const countLimit = 200;
const totalLimitBytes = 16 * messageLimitBytes;

/** The mail of a network: what SMTP takes, and IMAP and POP3 hand out. Bounded: what is oldest goes first. */
export class MailStore {
  readonly #now: () => number;
  #boxes: Map<MailboxName, StoredMail[]> | undefined;
  readonly #listeners = new Set<() => void>();
  #lastUid = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The messages of a mailbox at this moment, the oldest first. */
  list(mailbox: MailboxName): readonly StoredMail[] {
    return this.#box(mailbox);
  }

  /** Adds a message, and with it makes others go, where there are too many. */
  add(
    mailbox: MailboxName,
    mail: Pick<StoredMail, "bytes" | "envelope"> & Partial<Pick<StoredMail, "receivedAt" | "flags">>,
  ): StoredMail {
    // First, since those that are there at first have the first numbers.
    const box = this.#box(mailbox);
    const stored: StoredMail = {
      uid: (this.#lastUid += 1),
      bytes: mail.bytes,
      receivedAt: mail.receivedAt ?? this.#now(),
      envelope: mail.envelope,
      flags: new Set(mail.flags),
    };
    box.push(stored);
    let totalBytes = box.reduce((sum, { bytes }) => sum + bytes.length, 0);
    while (box.length > countLimit || totalBytes > totalLimitBytes) totalBytes -= box.shift()?.bytes.length ?? 0;
    for (const listener of this.#listeners) listener();
    return stored;
  }

  /** Calls a listener whenever a message has come, until the function that it returns is called. */
  follow(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes messages away. */
  remove(mailbox: MailboxName, gone: ReadonlySet<StoredMail>): void {
    this.#mailboxes().set(
      mailbox,
      this.#box(mailbox).filter((mail) => !gone.has(mail)),
    );
  }

  /** Takes everything away, the messages included that were there at first. */
  clear(): void {
    this.#boxes = new Map();
  }

  #box(mailbox: MailboxName): StoredMail[] {
    const boxes = this.#mailboxes();
    const box = boxes.get(mailbox) ?? [];
    boxes.set(mailbox, box);
    return box;
  }

  #mailboxes(): Map<MailboxName, StoredMail[]> {
    if (this.#boxes === undefined) {
      this.#boxes = new Map();
      for (const bytes of seedMessages(this.#now())) this.add("INBOX", { bytes, envelope: undefined });
    }
    return this.#boxes;
  }
}
