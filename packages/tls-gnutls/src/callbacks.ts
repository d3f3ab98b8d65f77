import type { CallbackPointers } from "./callback-pointers.ts";
import { readCertificateRequest } from "./client-certificate-request.ts";
import type { EngineParts } from "./engine-parts.ts";
import { errors } from "./gnutls-errors.ts";
import { guardOf, type Guarded } from "./guarded-callback.ts";
import { callback, readDatumAt } from "./library.ts";
import { ReplayMemory } from "./replay-memory.ts";

/** An engine, as GnuTLS finds it by its session. */
interface CalledBack extends Guarded {
  parts(): EngineParts;
}

/** What GnuTLS calls, registered once for a binding. */
export function gnuTlsCallbacks(live: ReadonlyMap<number, CalledBack>): CallbackPointers {
  const flights = new ReplayMemory();
  const guarded = guardOf<CalledBack>(live);
  return {
    push: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, from = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.parts().transport.push(from, length)),
    ),
    pull: callback("intptr_t", ["uintptr_t", "uintptr_t", "size_t"], (session = 0, to = 0, length = 0) =>
      guarded(session, -1, (engine) => engine.parts().transport.pull(session, to, length)),
    ),
    verify: callback("int", ["uintptr_t"], (session = 0) =>
      guarded(session, errors.certificate, (engine) => engine.parts().session.verify()),
    ),
    retrieve: callback(
      "int",
      ["uintptr_t", "uintptr_t", "int", "uintptr_t", "int", "uintptr_t"],
      (session = 0, names = 0, nameCount = 0, algorithms = 0, algorithmCount = 0) =>
        guarded(session, -1, (engine) => {
          const authorities = { address: names, count: nameCount };
          const keys = { address: algorithms, count: algorithmCount };
          return engine.parts().session.noteCertificateRequest(readCertificateRequest(authorities, keys)) ? 0 : -1;
        }),
    ),
    keyLog: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, label = 0, secret = 0) =>
      guarded(session, -1, (engine) => {
        engine.parts().session.noteSecret(label, secret);
        return 0;
      }),
    ),
    findKey: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, identity = 0, key = 0) =>
      guarded(session, -1, (engine) => (engine.parts().session.sharedKey.find(identity, key) ? 0 : -1)),
    ),
    staple: callback("int", ["uintptr_t", "uintptr_t", "uintptr_t"], (session = 0, ...[, response = 0]) =>
      guarded(session, errors.noCertificateStatus, (engine) => engine.parts().session.staple(response)),
    ),
    noteFlight: callback(
      "int",
      ["uintptr_t", "int64_t", "uintptr_t", "uintptr_t"],
      (_memory, expires = 0, ...[key = 0]) => {
        try {
          return flights.add(readDatumAt(key).toString("latin1"), expires, Date.now() / 1_000) ? 0 : errors.entryExists;
        } catch {
          return errors.entryExists;
        }
      },
    ),
    message: callback(
      "int",
      ["uintptr_t", "unsigned int", "unsigned int", "unsigned int", "uintptr_t"],
      (session = 0, type = 0) => guarded(session, -1, (engine) => (engine.parts().session.noteMessage(type) ? 0 : -1)),
    ),
  };
}
