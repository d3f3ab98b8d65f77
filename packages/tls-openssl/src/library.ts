import type { NativeMemory } from "@fairlead/tls/engine";
import koffi from "koffi";

/**
 * A C function. Handles are addresses; a pointer to bytes may be the bytes themselves, and one that the function writes
 * to is an array of one.
 */
export type NativeFunction = (...values: readonly (number | bigint | Uint8Array | number[] | null)[]) => number;

/** The functions of OpenSSL that the engine calls. */
export type OpenSsl = Readonly<Record<keyof typeof prototypes, NativeFunction>>;

/**
 * Binds the OpenSSL that the running executable exports.
 *
 * @throws Error when one of the functions is not among its symbols.
 */
export function bindOpenSsl(): OpenSsl {
  const executable = koffi.load(null);
  const bound = Object.entries(prototypes).map(([name, prototype]) => [
    name,
    executable.func(prototype.replace("(", ` ${name}(`)),
  ]);
  // Bound by exactly these names.
  return Object.fromEntries(bound) as OpenSsl;
}

/** Reads a C string. */
export function readString(address: number): string {
  return address === 0 ? "" : koffi.decode.string(address);
}

/** Copies native memory to a new buffer. */
export function readBytes(address: number, length: number): Buffer {
  // What koffi returns for this type is a Uint8Array of its own.
  return Buffer.from(koffi.decode(address, "uint8_t", length) as Uint8Array);
}

/** Calls an i2d function for the length, and again for the bytes. */
export function encodeDer(write: (out: number[] | null) => number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, write(null)));
  write([addressOf(bytes)]);
  return bytes;
}

/** A C string of this text. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "latin1");
}

/** The address of bytes that live outside V8's heap; the caller keeps the buffer for as long as it is used. */
export function addressOf(bytes: Uint8Array): number {
  return Number(koffi.address(bytes));
}

/**
 * Makes a function pointer that stays valid for as long as the process runs: there are few, and one that is given back
 * would be reused for another function while OpenSSL still holds it. `body` must not throw: C would see 0.
 */
export function callback(
  parameters: readonly string[],
  body: (...values: readonly number[]) => number,
  result: "int" | "long" = "int",
): bigint {
  return koffi.register(body, koffi.pointer(koffi.proto(result, [...parameters])));
}

/** The C library's memory. */
export function nativeMemory(): NativeMemory {
  const c = koffi.load(process.platform === "win32" ? "ucrtbase.dll" : null);
  // It takes and returns what its prototype says.
  const copy = c.func("uintptr_t memcpy(uintptr_t to, uintptr_t from, size_t length)") as NativeMemory["copy"];
  return { addressOf, copy };
}

/** Writes an address to where a C function expects an out parameter. */
export function writePointer(at: number, value: number): void {
  koffi.encode(at, "uintptr_t", value);
}

/** Copies bytes to native memory that has room for them. */
export function writeBytes(at: number, bytes: Uint8Array): void {
  koffi.encode(at, "uint8_t", bytes, bytes.length);
}

/** Writes an `int` to where a C function expects an out parameter. */
export function writeInt(at: number, value: number): void {
  koffi.encode(at, "int", value);
}

/** Writes one byte to where a C function expects an out parameter. */
export function writeByte(at: number, value: number): void {
  koffi.encode(at, "uint8_t", value);
}

// `uintptr_t` for handles and addresses: plain numbers are the fastest argument there is.
const prototypes = {
  OpenSSL_version: "uintptr_t (int what)",
  OpenSSL_version_num: "unsigned long ()",
  ERR_clear_error: "void ()",
  ERR_get_error: "unsigned long ()",
  ERR_reason_error_string: "uintptr_t (unsigned long code)",
  TLS_client_method: "uintptr_t ()",
  TLS_server_method: "uintptr_t ()",
  SSL_CTX_new: "uintptr_t (uintptr_t method)",
  SSL_CTX_free: "void (uintptr_t context)",
  SSL_CTX_ctrl: "long (uintptr_t context, int command, long number, void *pointer)",
  SSL_CTX_set_options: "uint64_t (uintptr_t context, uint64_t options)",
  SSL_CTX_set_ciphersuites: "int (uintptr_t context, void *list)",
  SSL_CTX_set_cipher_list: "int (uintptr_t context, void *list)",
  SSL_CTX_get_cert_store: "uintptr_t (uintptr_t context)",
  SSL_CTX_use_certificate: "int (uintptr_t context, uintptr_t certificate)",
  SSL_CTX_use_PrivateKey: "int (uintptr_t context, uintptr_t key)",
  SSL_CTX_check_private_key: "int (uintptr_t context)",
  SSL_use_certificate: "int (uintptr_t ssl, uintptr_t certificate)",
  SSL_use_PrivateKey: "int (uintptr_t ssl, uintptr_t key)",
  SSL_check_private_key: "int (uintptr_t ssl)",
  SSL_set_cert_cb: "void (uintptr_t ssl, void *callback, uintptr_t argument)",
  SSL_get0_peer_CA_list: "uintptr_t (uintptr_t ssl)",
  SSL_get_sigalgs:
    "int (uintptr_t ssl, int index, void *signature, void *hash, void *both, _Out_ uint8_t *low, _Out_ uint8_t *high)",
  SSL_CTX_set_verify: "void (uintptr_t context, int mode, uintptr_t callback)",
  SSL_CTX_add_client_CA: "int (uintptr_t context, uintptr_t certificate)",
  SSL_CTX_set_session_id_context: "int (uintptr_t context, void *bytes, unsigned int length)",
  SSL_CTX_set_num_tickets: "int (uintptr_t context, size_t number)",
  SSL_new_session_ticket: "int (uintptr_t ssl)",
  SSL_CTX_add_custom_ext:
    "int (uintptr_t context, unsigned int type, unsigned int where, void *add, uintptr_t free, uintptr_t addArgument, uintptr_t parse, uintptr_t parseArgument)",
  SSL_CTX_callback_ctrl: "long (uintptr_t context, int command, void *callback)",
  SSL_CTX_set_keylog_callback: "void (uintptr_t context, void *callback)",
  CRYPTO_memdup: "uintptr_t (void *bytes, size_t length, void *file, int line)",
  SSL_CTX_set_cert_verify_callback: "void (uintptr_t context, void *callback, uintptr_t argument)",
  SSL_get_ex_data_X509_STORE_CTX_idx: "int ()",
  X509_STORE_CTX_get_ex_data: "uintptr_t (uintptr_t context, int index)",
  X509_STORE_CTX_get_error: "int (uintptr_t context)",
  X509_STORE_CTX_set_error: "void (uintptr_t context, int error)",
  X509_verify_cert: "int (uintptr_t context)",
  SSL_key_update: "int (uintptr_t ssl, int type)",
  SSL_CTX_set_alpn_select_cb: "void (uintptr_t context, void *callback, uintptr_t argument)",
  SSL_CTX_sess_set_new_cb: "void (uintptr_t context, void *callback)",
  SSL_new: "uintptr_t (uintptr_t context)",
  SSL_free: "void (uintptr_t ssl)",
  SSL_ctrl: "long (uintptr_t ssl, int command, long number, void *pointer)",
  SSL_set_bio: "void (uintptr_t ssl, uintptr_t read, uintptr_t write)",
  SSL_set_connect_state: "void (uintptr_t ssl)",
  SSL_set_accept_state: "void (uintptr_t ssl)",
  SSL_set_hostflags: "void (uintptr_t ssl, unsigned int flags)",
  SSL_set1_host: "int (uintptr_t ssl, void *name)",
  SSL_get_options: "uint64_t (uintptr_t ssl)",
  SSL_version: "int (uintptr_t ssl)",
  SSL_get0_param: "uintptr_t (uintptr_t ssl)",
  X509_VERIFY_PARAM_set1_ip_asc: "int (uintptr_t parameters, void *address)",
  SSL_set_alpn_protos: "int (uintptr_t ssl, void *protocols, unsigned int length)",
  SSL_set_session: "int (uintptr_t ssl, uintptr_t session)",
  SSL_do_handshake: "int (uintptr_t ssl)",
  SSL_read: "int (uintptr_t ssl, uintptr_t buffer, int length)",
  SSL_write: "int (uintptr_t ssl, void *buffer, int length)",
  SSL_shutdown: "int (uintptr_t ssl)",
  SSL_get_error: "int (uintptr_t ssl, int result)",
  SSL_set_psk_client_callback: "void (uintptr_t ssl, void *callback)",
  SSL_set_psk_server_callback: "void (uintptr_t ssl, void *callback)",
  SSL_set_psk_find_session_callback: "void (uintptr_t ssl, void *callback)",
  SSL_SESSION_new: "uintptr_t ()",
  SSL_SESSION_set1_master_key: "int (uintptr_t session, void *key, size_t length)",
  SSL_SESSION_set_cipher: "int (uintptr_t session, uintptr_t cipher)",
  SSL_SESSION_set_protocol_version: "int (uintptr_t session, int version)",
  SSL_CIPHER_find: "uintptr_t (uintptr_t ssl, void *bytes)",
  SSL_get_psk_identity: "uintptr_t (uintptr_t ssl)",
  SSL_get_version: "uintptr_t (uintptr_t ssl)",
  SSL_get_current_cipher: "uintptr_t (uintptr_t ssl)",
  SSL_CIPHER_get_name: "uintptr_t (uintptr_t cipher)",
  SSL_CIPHER_standard_name: "uintptr_t (uintptr_t cipher)",
  SSL_get0_alpn_selected: "void (uintptr_t ssl, _Out_ uintptr_t *data, _Out_ unsigned int *length)",
  SSL_session_reused: "int (uintptr_t ssl)",
  SSL_get_verify_result: "long (uintptr_t ssl)",
  SSL_get_peer_cert_chain: "uintptr_t (uintptr_t ssl)",
  SSL_get1_peer_certificate: "uintptr_t (uintptr_t ssl)",
  SSL_group_to_name: "uintptr_t (uintptr_t ssl, int group)",
  SSL_export_keying_material:
    "int (uintptr_t ssl, void *out, size_t length, void *label, size_t labelLength, void *context, size_t contextLength, int useContext)",
  SSL_write_early_data: "int (uintptr_t ssl, void *bytes, size_t length, _Out_ size_t *written)",
  SSL_read_early_data: "int (uintptr_t ssl, uintptr_t buffer, size_t length, _Out_ size_t *read)",
  SSL_get_early_data_status: "int (uintptr_t ssl)",
  SSL_set_max_early_data: "int (uintptr_t ssl, uint32_t bytes)",
  SSL_set_recv_max_early_data: "int (uintptr_t ssl, uint32_t bytes)",
  SSL_set_shutdown: "void (uintptr_t ssl, int mode)",
  SSL_SESSION_get_max_early_data: "uint32_t (uintptr_t session)",
  SSL_SESSION_get0_hostname: "uintptr_t (uintptr_t session)",
  SSL_SESSION_get0_alpn_selected: "void (uintptr_t session, _Out_ uintptr_t *data, _Out_ size_t *length)",
  SSL_SESSION_free: "void (uintptr_t session)",
  SSL_SESSION_is_resumable: "int (uintptr_t session)",
  SSL_SESSION_get_ticket_lifetime_hint: "unsigned long (uintptr_t session)",
  i2d_SSL_SESSION: "int (uintptr_t session, _Inout_ uintptr_t *out)",
  d2i_SSL_SESSION: "uintptr_t (uintptr_t session, _Inout_ uintptr_t *in, long length)",
  OPENSSL_sk_num: "int (uintptr_t stack)",
  OPENSSL_sk_value: "uintptr_t (uintptr_t stack, int index)",
  BIO_get_new_index: "int ()",
  BIO_meth_new: "uintptr_t (int type, void *name)",
  BIO_meth_set_read: "int (uintptr_t method, void *callback)",
  BIO_meth_set_write: "int (uintptr_t method, void *callback)",
  BIO_meth_set_ctrl: "int (uintptr_t method, void *callback)",
  BIO_new: "uintptr_t (uintptr_t method)",
  BIO_s_mem: "uintptr_t ()",
  BIO_ctrl: "long (uintptr_t bio, int command, long number, uintptr_t pointer)",
  BIO_ctrl_pending: "size_t (uintptr_t bio)",
  BIO_read: "int (uintptr_t bio, void *buffer, int length)",
  BIO_write: "int (uintptr_t bio, void *buffer, int length)",
  BIO_set_init: "void (uintptr_t bio, int init)",
  BIO_set_flags: "void (uintptr_t bio, int flags)",
  BIO_clear_flags: "void (uintptr_t bio, int flags)",
  X509_STORE_add_cert: "int (uintptr_t store, uintptr_t certificate)",
  i2d_X509_NAME: "int (uintptr_t name, _Inout_ uintptr_t *out)",
  X509_free: "void (uintptr_t certificate)",
  i2d_X509: "int (uintptr_t certificate, _Inout_ uintptr_t *out)",
  d2i_X509: "uintptr_t (uintptr_t certificate, _Inout_ uintptr_t *in, long length)",
  d2i_AutoPrivateKey: "uintptr_t (uintptr_t key, _Inout_ uintptr_t *in, long length)",
  EVP_PKEY_free: "void (uintptr_t key)",
} as const;
