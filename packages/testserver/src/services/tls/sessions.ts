import { constants } from "node:crypto";
import { issueWorthlessTickets } from "../../network-tickets.ts";
import { httpsService } from "./https-service.ts";

const sessionLimit = 1_000;

/** Sessions that are kept, forgotten or short-lived. */
export const sessionServices = [
  httpsService({
    name: "https-no-tickets",
    does: "issues no tickets in TLS 1.2 and worthless ones in TLS 1.3: every handshake is a full one",
    tls: () => ({ secureOptions: constants.SSL_OP_NO_TICKET }),
  }),
  httpsService({
    name: "https-changing-tickets",
    does: "encrypts each ticket with keys of its own that it forgets: it issues many and takes none",
    prepare: issueWorthlessTickets,
  }),
  httpsService({
    name: "https-short-tickets",
    does: "issues tickets that are good for ten seconds of the network's clock",
    tls: () => ({ sessionTimeout: 10 }),
  }),
  httpsService({
    name: "https-session-ids",
    does: "resumes sessions of TLS 1.2 by their identifiers, and issues no tickets",
    tls: () => ({ maxVersion: "TLSv1.2", secureOptions: constants.SSL_OP_NO_TICKET }),
    prepare: (server) => {
      const sessions = new Map<string, Buffer>();
      server.on("newSession", (id: Buffer, session: Buffer, done: () => void) => {
        const [oldest] = sessions.keys();
        if (sessions.size >= sessionLimit && oldest !== undefined) sessions.delete(oldest);
        sessions.set(id.toString("hex"), session);
        done();
      });
      server.on("resumeSession", (id: Buffer, done: (error: null, session: Buffer | null) => void) => {
        done(null, sessions.get(id.toString("hex")) ?? null);
      });
    },
  }),
] as const;
