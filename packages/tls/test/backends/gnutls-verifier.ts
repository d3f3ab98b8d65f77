import { X509Certificate } from "node:crypto";
import koffi from "koffi";
import { addressOf, cString, type VerifierAnswer, type VerifierQuestion } from "./openssl-verifier.ts";
import { gnuTlsName } from "./verification-names.ts";

/** Verifies by GnuTLS as `gnutls_certificate_verify_peers` does for the engine, without a connection. */
export function gnuTlsVerifier(): (question: VerifierQuestion) => VerifierAnswer {
  const library = koffi.load("libgnutls.so.30");
  const bind = (name: string, prototype: string): ((...values: unknown[]) => number) =>
    library.func(prototype.replace("(", ` ${name}(`));
  const gnutls = {
    listInit: bind("gnutls_x509_trust_list_init", "int (_Out_ uintptr_t *list, unsigned int size)"),
    listAdd: bind(
      "gnutls_x509_trust_list_add_cas",
      "int (uintptr_t list, void *certificates, unsigned int count, unsigned int flags)",
    ),
    listVerify: bind(
      "gnutls_x509_trust_list_verify_crt2",
      "int (uintptr_t list, void *chain, unsigned int count, void *questions, unsigned int questionCount, unsigned int flags, _Out_ unsigned int *status, void *callback)",
    ),
    listFree: bind("gnutls_x509_trust_list_deinit", "void (uintptr_t list, unsigned int all)"),
    init: bind("gnutls_x509_crt_init", "int (_Out_ uintptr_t *certificate)"),
    read: bind("gnutls_x509_crt_import", "int (uintptr_t certificate, void *datum, int format)"),
    free: bind("gnutls_x509_crt_deinit", "void (uintptr_t certificate)"),
    setTimeFunction: bind("gnutls_global_set_time_function", "void (void *callback)"),
  };
  let now = 0;
  const clock = koffi.register(() => now, koffi.pointer(koffi.proto("int64_t (void *result)")));
  gnutls.setTimeFunction(clock);

  return ({ leaf, sent, anchors, host, purpose, time }) => {
    now = Math.floor(time / 1_000);
    const owned: number[] = [];
    const read = (der: Uint8Array): number => {
      const bytes = Buffer.from(der);
      const out = [0];
      gnutls.init(out);
      const certificate = out[0] ?? 0;
      const datum = Buffer.alloc(16);
      datum.writeBigUInt64LE(BigInt(addressOf(bytes)), 0);
      datum.writeUInt32LE(bytes.length, 8);
      if (gnutls.read(certificate, datum, derFormat) < 0 || bytes.length === 0) {
        gnutls.free(certificate);
        return 0;
      }
      owned.push(certificate);
      return certificate;
    };
    const list = [0];
    gnutls.listInit(list, 0);
    try {
      const chain = [leaf, ...sent].map(read);
      if (chain.includes(0)) return "UNREADABLE";
      const trusted = anchors.map(read).filter((each) => each !== 0);
      gnutls.listAdd(list[0], pointers(trusted), trusted.length, 0);
      const words = [
        ...(host === undefined ? [] : [[dnsHostname, host] as const]),
        [keyPurposeOid, purpose === "server" ? "1.3.6.1.5.5.7.3.1" : "1.3.6.1.5.5.7.3.2"] as const,
      ];
      const texts = words.map(([, text]) => cString(text));
      const questions = Buffer.alloc(words.length * 24);
      for (const [index, [type]] of words.entries()) {
        questions.writeInt32LE(type, index * 24);
        questions.writeBigUInt64LE(BigInt(addressOf(texts[index] ?? questions)), index * 24 + 8);
      }
      const status = [0];
      const code = gnutls.listVerify(
        list[0],
        pointers(chain),
        chain.length,
        questions,
        words.length,
        lowProfile,
        status,
        null,
      );
      if (code < 0 || texts.length !== words.length) return "UNSPECIFIED";
      return gnuTlsName(status[0] ?? 2, isSelfSigned(sent.at(-1) ?? leaf));
    } finally {
      gnutls.listFree(list[0], 0);
      for (const each of owned) gnutls.free(each);
    }
  };
}

function isSelfSigned(der: Uint8Array): boolean {
  try {
    const certificate = new X509Certificate(der);
    return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
  } catch {
    return false;
  }
}

function pointers(handles: readonly number[]): Buffer {
  const array = Buffer.alloc(Math.max(8, handles.length * 8));
  handles.forEach((handle, index) => array.writeBigUInt64LE(BigInt(handle), index * 8));
  return array;
}

const derFormat = 0;
const dnsHostname = 1;
const keyPurposeOid = 2;
/** GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_LOW), which the priorities NORMAL bring. */
const lowProfile = 2 << 24;
