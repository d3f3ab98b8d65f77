import { isIP } from "node:net";
import koffi from "koffi";
import { openSslName } from "./verification-names.ts";

/** A chain that a peer would show, for a verifier without a connection. */
export interface VerifierQuestion {
  readonly leaf: Uint8Array;
  readonly sent: readonly Uint8Array[];
  readonly anchors: readonly Uint8Array[];
  readonly host: string | undefined;
  readonly purpose: "server" | "client";
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** What a library says: what `TlsEngine.verification` gives, or `UNREADABLE`. */
export type VerifierAnswer = string | undefined;

/**
 * Verifies by the OpenSSL inside the executable as the engine has it done in a handshake: the same defaults, the security
 * level of its contexts, the same rules for the host. With `goesOn` as node:tls does it: no finding ends the search, and
 * the last one counts.
 */
export function openSslVerifier(): (question: VerifierQuestion, goesOn: boolean) => VerifierAnswer {
  const executable = koffi.load(null);
  const bind = (name: string, prototype: string): ((...values: unknown[]) => number) =>
    executable.func(prototype.replace("(", ` ${name}(`));
  const openssl = {
    d2i: bind("d2i_X509", "uintptr_t (uintptr_t certificate, _Inout_ uintptr_t *in, long length)"),
    free: bind("X509_free", "void (uintptr_t certificate)"),
    storeNew: bind("X509_STORE_new", "uintptr_t ()"),
    storeAdd: bind("X509_STORE_add_cert", "int (uintptr_t store, uintptr_t certificate)"),
    storeFree: bind("X509_STORE_free", "void (uintptr_t store)"),
    stackNew: bind("OPENSSL_sk_new_null", "uintptr_t ()"),
    stackPush: bind("OPENSSL_sk_push", "int (uintptr_t stack, uintptr_t value)"),
    stackFree: bind("OPENSSL_sk_free", "void (uintptr_t stack)"),
    contextNew: bind("X509_STORE_CTX_new", "uintptr_t ()"),
    contextInit: bind(
      "X509_STORE_CTX_init",
      "int (uintptr_t context, uintptr_t store, uintptr_t leaf, uintptr_t chain)",
    ),
    contextDefault: bind("X509_STORE_CTX_set_default", "int (uintptr_t context, void *name)"),
    contextParameters: bind("X509_STORE_CTX_get0_param", "uintptr_t (uintptr_t context)"),
    contextCallback: bind("X509_STORE_CTX_set_verify_cb", "void (uintptr_t context, void *callback)"),
    contextError: bind("X509_STORE_CTX_get_error", "int (uintptr_t context)"),
    contextFree: bind("X509_STORE_CTX_free", "void (uintptr_t context)"),
    setTime: bind("X509_VERIFY_PARAM_set_time", "void (uintptr_t parameters, int64_t time)"),
    setLevel: bind("X509_VERIFY_PARAM_set_auth_level", "void (uintptr_t parameters, int level)"),
    setHostFlags: bind("X509_VERIFY_PARAM_set_hostflags", "void (uintptr_t parameters, unsigned int flags)"),
    setHost: bind("X509_VERIFY_PARAM_set1_host", "int (uintptr_t parameters, void *name, size_t length)"),
    setAddress: bind("X509_VERIFY_PARAM_set1_ip_asc", "int (uintptr_t parameters, void *address)"),
    verify: bind("X509_verify_cert", "int (uintptr_t context)"),
    clearErrors: bind("ERR_clear_error", "void ()"),
    tlsContextNew: bind("SSL_CTX_new", "uintptr_t (uintptr_t method)"),
    tlsMethod: bind("TLS_client_method", "uintptr_t ()"),
    tlsLevel: bind("SSL_CTX_get_security_level", "int (uintptr_t context)"),
    tlsContextFree: bind("SSL_CTX_free", "void (uintptr_t context)"),
  };
  const tlsContext = openssl.tlsContextNew(openssl.tlsMethod());
  const level = openssl.tlsLevel(tlsContext);
  openssl.tlsContextFree(tlsContext);
  const allGood = koffi.register(() => 1, koffi.pointer(koffi.proto("int (int good, uintptr_t context)")));

  return ({ leaf, sent, anchors, host, purpose, time }, goesOn) => {
    const owned: number[] = [];
    const read = (der: Uint8Array): number => {
      const bytes = Buffer.from(der);
      const certificate = openssl.d2i(0, [addressOf(bytes)], bytes.length);
      if (certificate !== 0) owned.push(certificate);
      return certificate;
    };
    const store = openssl.storeNew();
    const chain = openssl.stackNew();
    const context = openssl.contextNew();
    try {
      const own = read(leaf);
      const others = sent.map(read);
      if (own === 0 || others.includes(0)) return "UNREADABLE";
      // As a peer's chain is: the leaf is in it as well.
      for (const each of [own, ...others]) openssl.stackPush(chain, each);
      for (const anchor of anchors.map(read)) if (anchor !== 0) openssl.storeAdd(store, anchor);
      openssl.contextInit(context, store, own, chain);
      openssl.contextDefault(context, cString(purpose === "server" ? "ssl_server" : "ssl_client"));
      const parameters = openssl.contextParameters(context);
      openssl.setTime(parameters, Math.floor(time / 1_000));
      openssl.setLevel(parameters, level);
      // node:tls leaves the host to JavaScript.
      if (host !== undefined && !goesOn) {
        openssl.setHostFlags(parameters, noPartialWildcards | neverSubject);
        if (isIP(host) === 0) openssl.setHost(parameters, cString(host), 0);
        else openssl.setAddress(parameters, cString(host));
      }
      if (goesOn) openssl.contextCallback(context, allGood);
      openssl.verify(context);
      return openSslName(openssl.contextError(context));
    } finally {
      openssl.contextFree(context);
      openssl.stackFree(chain);
      openssl.storeFree(store);
      for (const each of owned) openssl.free(each);
      openssl.clearErrors();
    }
  };
}

const noPartialWildcards = 0x4;
const neverSubject = 0x20;

/** The address of bytes that live outside of V8's heap; the caller keeps the buffer for as long as it is used. */
export function addressOf(bytes: Uint8Array): number {
  return Number(koffi.address(bytes));
}

/** A C string of this text. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "latin1");
}
