import type { CallbackPointers } from "./callback-pointers.ts";
import type { EngineParts } from "./engine-parts.ts";
import { callback, type OpenSsl, readBytes, readString, writeByte, writeInt, writePointer } from "./library.ts";
import { chooseAlpn } from "./protocol/alpn.ts";
import { giveStaple } from "./stapling.ts";

/** An engine, as OpenSSL finds it by its SSL. */
interface MadeOfParts {
  parts(): EngineParts;
}

/** Makes what OpenSSL calls, once for a binding. An exception would read as 0, so each returns what refuses when anything is amiss. */
export function openSslCallbacks(openssl: OpenSsl, live: ReadonlyMap<number, MadeOfParts>): CallbackPointers {
  const sslIndex = openssl.SSL_get_ex_data_X509_STORE_CTX_idx();
  return {
    verify: callback(["uintptr_t", "uintptr_t"], (store = 0) => {
      try {
        const ssl = openssl.X509_STORE_CTX_get_ex_data(store, sslIndex);
        return live.get(ssl)?.parts().peer.verify(store) === true ? 1 : 0;
      } catch {
        return 0;
      }
    }),
    newSession: callback(["uintptr_t", "uintptr_t"], (ssl = 0, session = 0) => {
      try {
        live.get(ssl)?.parts().sessions.keep(session);
      } catch {
        // A session that cannot be written is one less to resume.
      }
      // OpenSSL keeps its reference.
      return 0;
    }),
    selectAlpn: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "uintptr_t", "unsigned int", "uintptr_t"],
      (ssl = 0, out = 0, outLength = 0, offered = 0, offeredLength = 0) => {
        try {
          const chosen = chooseAlpn(live.get(ssl)?.parts().alpnProtocols ?? [], readBytes(offered, offeredLength));
          if (chosen === "not-asked") return extension.notAcknowledged;
          if (chosen === "none") return extension.fatal;
          writePointer(out, offered + chosen.offset);
          writeByte(outLength, chosen.length);
          return extension.ok;
        } catch {
          return extension.fatal;
        }
      },
    ),
    chooseCertificate: callback(["uintptr_t", "uintptr_t"], (ssl = 0) => {
      try {
        return live.get(ssl)?.parts().identity.mayGoOn() === true ? 1 : askAgain;
      } catch {
        return 0;
      }
    }),
    extendTicket: callback(
      [
        ...["uintptr_t", "unsigned int", "unsigned int", "uintptr_t", "uintptr_t"],
        ...["uintptr_t", "size_t", "uintptr_t", "uintptr_t"],
      ],
      (ssl = 0, _type, _where, _out, _outLength, _certificate, _index, alert = 0) => {
        try {
          const engine = live.get(ssl);
          if (engine === undefined) return failed;
          const description = engine.parts().peer.ticketAlert;
          if (description === undefined) return leaveOut;
          writeInt(alert, description);
          return failed;
        } catch {
          return failed;
        }
      },
    ),
    staple: callback(["uintptr_t", "uintptr_t"], (ssl = 0) => {
      try {
        return giveStaple(openssl, ssl, live.get(ssl)?.parts().staple) ? extension.ok : extension.notAcknowledged;
      } catch {
        // A client that was promised a response sees that it is missing.
        return extension.notAcknowledged;
      }
    }),
    keyLog: callback(["uintptr_t", "uintptr_t"], (ssl = 0, line = 0) => {
      try {
        live.get(ssl)?.parts().keyLog.push(readString(line));
      } catch {
        // A line that is lost only keeps somebody from looking into the connection.
      }
      return 0;
    }),
    offerPsk: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "unsigned int", "uintptr_t", "unsigned int"],
      (ssl = 0, _hint, identityAt = 0, identityRoom = 0, keyAt = 0, keyRoom = 0) => {
        try {
          return live.get(ssl)?.parts().psk?.offer?.(identityAt, identityRoom, keyAt, keyRoom) ?? 0;
        } catch {
          return 0;
        }
      },
    ),
    lookUpPsk: callback(
      ["uintptr_t", "uintptr_t", "uintptr_t", "unsigned int"],
      (ssl = 0, identityAt = 0, keyAt = 0, keyRoom = 0) => {
        try {
          return live.get(ssl)?.parts().psk?.lookUp?.(identityAt, keyAt, keyRoom) ?? 0;
        } catch {
          return 0;
        }
      },
    ),
    findPsk: callback(
      ["uintptr_t", "uintptr_t", "size_t", "uintptr_t"],
      (ssl = 0, identityAt = 0, identityLength = 0, sessionAt = 0) => {
        try {
          return live.get(ssl)?.parts().psk?.find?.(identityAt, identityLength, sessionAt) === true ? 1 : 0;
        } catch {
          return 0;
        }
      },
    ),
  };
}

// OpenSSL, include/openssl/tls1.h: SSL_TLSEXT_ERR_OK, _ALERT_FATAL, _NOACK
const extension = { ok: 0, fatal: 2, notAcknowledged: 3 } as const;
const askAgain = -1;
const leaveOut = 0;
const failed = -1;
