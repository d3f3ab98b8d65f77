import koffi, { type LibraryHandle } from "koffi";

/**
 * A C function. Handles are addresses; a pointer to bytes may be the bytes themselves, and one that the function writes
 * to is an array of one.
 */
export type NativeFunction = (...values: readonly (number | bigint | Uint8Array | number[] | null)[]) => number;

/** The functions of GnuTLS that the engine calls, and three of C's own for its memory. */
export type GnuTls = Readonly<
  Record<keyof typeof prototypes | keyof typeof memoryPrototypes, NativeFunction> & {
    /** Frees what GnuTLS allocated for the caller. */
    readonly free: (address: number) => void;
    /** Allocates what GnuTLS frees; 0 where there is no memory. */
    readonly malloc: (length: number) => number;
  }
>;

/**
 * Loads a shared library and binds GnuTLS in it.
 *
 * @throws Error when it cannot be loaded, or lacks a function.
 */
export function bindGnuTls(path: string): GnuTls {
  const library = koffi.load(path);
  const c = koffi.load(process.platform === "win32" ? "ucrtbase.dll" : null);
  // Variables that hold a function pointer, not functions.
  const freePointer: unknown = koffi.decode(library.symbol("gnutls_free"), "void *");
  const freeType = koffi.proto("void", ["uintptr_t"]);
  const mallocPointer: unknown = koffi.decode(library.symbol("gnutls_malloc"), "void *");
  const mallocType = koffi.proto("uintptr_t", ["size_t"]);
  // Bound by exactly these names.
  return {
    ...bind(library, prototypes),
    ...bind(c, memoryPrototypes),
    free: (address: number) => {
      koffi.call(freePointer, freeType, address);
    },
    malloc: (length: number) => Number(koffi.call(mallocPointer, mallocType, length)),
  } as GnuTls;
}

/** Whether datums and certificates have the layout that is written here. */
export function has64BitPointers(): boolean {
  return koffi.sizeof("void *") === 8;
}

/** Reads a C string. */
export function readString(address: number): string {
  return address === 0 ? "" : koffi.decode.string(address);
}

/** A C string of this text. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`, "latin1");
}

/** Copies native memory to a new buffer. */
export function readBytes(address: number, length: number): Buffer {
  if (length === 0) return Buffer.alloc(0);
  // What koffi returns for this type is a Uint8Array of its own.
  return Buffer.from(koffi.decode(address, "uint8_t", length) as Uint8Array);
}

/** The address of bytes that live outside V8's heap; the caller keeps the buffer for as long as it is used. */
export function addressOf(bytes: Uint8Array): number {
  return Number(koffi.address(bytes));
}

/** A `gnutls_datum_t` for each: address and length. Whoever holds the result holds the values too. */
export function datums(values: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.alloc(values.length * datumBytes);
  values.forEach((value, index) => {
    bytes.writeBigUInt64LE(BigInt(addressOf(value)), index * datumBytes);
    bytes.writeUInt32LE(value.length, index * datumBytes + 8);
  });
  referredTo.set(bytes, values);
  return bytes;
}

/** Bytes that are known to C only by their address would be collected. */
const referredTo = new WeakMap<Buffer, readonly Uint8Array[]>();

/** Copies what a `gnutls_datum_t` refers to. */
export function readDatum(datum: Buffer): Buffer {
  return readBytes(Number(datum.readBigUInt64LE(0)), datum.readUInt32LE(8));
}

/** Copies what the `gnutls_datum_t` at `address` refers to. */
export function readDatumAt(address: number): Buffer {
  return readDatum(readBytes(address, datumBytes));
}

/** Fills the `gnutls_datum_t` at `address` with a copy of the bytes in memory that GnuTLS frees, and wipes where it is a key. */
export function giveDatum(gnutls: GnuTls, address: number, bytes: Uint8Array): void {
  const copy = gnutls.malloc(bytes.length);
  if (copy === 0) throw new Error("no memory");
  gnutls.memcpy(copy, addressOf(bytes), bytes.length);
  const datum = Buffer.alloc(datumBytes);
  datum.writeBigUInt64LE(BigInt(copy), 0);
  datum.writeUInt32LE(bytes.length, 8);
  gnutls.memcpy(address, addressOf(datum), datumBytes);
  // memcpy knows its address alone: used once more, it is not collected before.
  datum.fill(0);
}

/**
 * Makes a function pointer that stays valid for as long as the process runs: there are few, and one that is given back
 * would be reused for another function while GnuTLS still holds it. `body` must not throw: C would see 0.
 */
export function callback(
  result: "int" | "intptr_t",
  parameters: readonly string[],
  body: (...values: readonly number[]) => number,
): bigint {
  return koffi.register(body, koffi.pointer(koffi.proto(result, [...parameters])));
}

/** Size of a `gnutls_datum_t` where pointers have 64 bits. */
export const datumBytes = 16;

function bind(library: LibraryHandle, table: Readonly<Record<string, string>>): Record<string, NativeFunction> {
  return Object.fromEntries(
    Object.entries(table).map(([name, prototype]) => [name, library.func(prototype.replace("(", ` ${name}(`))]),
  );
}

// `uintptr_t` for handles and addresses: plain numbers are the fastest argument there is.
const prototypes = {
  gnutls_check_version: "uintptr_t (void *version)",
  gnutls_strerror_name: "uintptr_t (int error)",
  gnutls_init: "int (_Out_ uintptr_t *session, unsigned int flags)",
  gnutls_deinit: "void (uintptr_t session)",
  gnutls_priority_init: "int (_Out_ uintptr_t *priorities, void *text, uintptr_t errorAt)",
  gnutls_priority_set: "int (uintptr_t session, uintptr_t priorities)",
  gnutls_dh_set_prime_bits: "void (uintptr_t session, unsigned int bits)",
  gnutls_credentials_set: "int (uintptr_t session, int type, uintptr_t credentials)",
  gnutls_certificate_allocate_credentials: "int (_Out_ uintptr_t *credentials)",
  gnutls_certificate_free_credentials: "void (uintptr_t credentials)",
  gnutls_certificate_set_x509_trust_mem: "int (uintptr_t credentials, void *certificates, int format)",
  gnutls_certificate_set_x509_key_mem2:
    "int (uintptr_t credentials, void *certificate, void *key, int format, uintptr_t password, unsigned int flags)",
  gnutls_certificate_set_retrieve_function: "void (uintptr_t credentials, void *callback)",
  gnutls_certificate_server_set_request: "void (uintptr_t session, int request)",
  gnutls_certificate_set_ocsp_status_request_function:
    "void (uintptr_t credentials, void *callback, uintptr_t context)",
  gnutls_ocsp_status_request_enable_client:
    "int (uintptr_t session, uintptr_t responder, size_t length, uintptr_t extensions)",
  gnutls_ocsp_status_request_get2: "int (uintptr_t session, unsigned int index, void *response)",
  gnutls_psk_allocate_client_credentials: "int (_Out_ uintptr_t *credentials)",
  gnutls_psk_free_client_credentials: "void (uintptr_t credentials)",
  gnutls_psk_set_client_credentials2: "int (uintptr_t credentials, void *identity, void *key, int format)",
  gnutls_psk_allocate_server_credentials: "int (_Out_ uintptr_t *credentials)",
  gnutls_psk_set_server_credentials_function2: "void (uintptr_t credentials, void *callback)",
  gnutls_psk_server_get_username2: "int (uintptr_t session, void *identity)",
  gnutls_auth_get_type: "int (uintptr_t session)",
  gnutls_session_set_keylog_function: "void (uintptr_t session, void *callback)",
  gnutls_session_get_random: "void (uintptr_t session, void *client, void *server)",
  gnutls_session_ticket_enable_server: "int (uintptr_t session, void *key)",
  gnutls_session_set_verify_function: "void (uintptr_t session, void *callback)",
  gnutls_certificate_verify_peers:
    "int (uintptr_t session, void *data, unsigned int elements, _Out_ unsigned int *status)",
  gnutls_certificate_get_peers: "uintptr_t (uintptr_t session, _Out_ unsigned int *length)",
  gnutls_transport_set_ptr: "void (uintptr_t session, uintptr_t id)",
  gnutls_transport_set_push_function: "void (uintptr_t session, void *callback)",
  gnutls_transport_set_pull_function: "void (uintptr_t session, void *callback)",
  gnutls_transport_set_errno: "void (uintptr_t session, int error)",
  gnutls_handshake_set_hook_function: "void (uintptr_t session, unsigned int type, int when, void *callback)",
  gnutls_server_name_set: "int (uintptr_t session, int type, void *name, size_t length)",
  gnutls_alpn_set_protocols: "int (uintptr_t session, void *protocols, unsigned int count, unsigned int flags)",
  gnutls_alpn_get_selected_protocol: "int (uintptr_t session, void *protocol)",
  gnutls_session_set_data: "int (uintptr_t session, void *data, size_t length)",
  gnutls_session_get_data2: "int (uintptr_t session, void *data)",
  gnutls_session_ext_master_secret_status: "unsigned int (uintptr_t session)",
  gnutls_session_is_resumed: "int (uintptr_t session)",
  gnutls_session_get_flags: "unsigned int (uintptr_t session)",
  gnutls_db_get_default_cache_expiration: "unsigned int ()",
  gnutls_record_send_early_data: "intptr_t (uintptr_t session, uintptr_t data, size_t length)",
  gnutls_record_recv_early_data: "intptr_t (uintptr_t session, uintptr_t data, size_t length)",
  gnutls_record_get_max_early_data_size: "size_t (uintptr_t session)",
  gnutls_record_set_max_early_data_size: "int (uintptr_t session, size_t length)",
  gnutls_anti_replay_init: "int (_Out_ uintptr_t *memory)",
  gnutls_anti_replay_set_add_function: "void (uintptr_t memory, void *callback)",
  gnutls_anti_replay_enable: "void (uintptr_t session, uintptr_t memory)",
  gnutls_handshake: "int (uintptr_t session)",
  gnutls_record_send: "intptr_t (uintptr_t session, uintptr_t data, size_t length)",
  gnutls_record_recv: "intptr_t (uintptr_t session, uintptr_t data, size_t length)",
  gnutls_session_key_update: "int (uintptr_t session, unsigned int flags)",
  gnutls_bye: "int (uintptr_t session, int how)",
  gnutls_alert_get: "int (uintptr_t session)",
  gnutls_alert_send: "int (uintptr_t session, int level, int description)",
  gnutls_error_to_alert: "int (int error, _Out_ int *level)",
  gnutls_error_is_fatal: "int (int error)",
  gnutls_protocol_get_version: "int (uintptr_t session)",
  gnutls_cipher_get: "int (uintptr_t session)",
  gnutls_kx_get: "int (uintptr_t session)",
  gnutls_mac_get: "int (uintptr_t session)",
  gnutls_mac_get_name: "uintptr_t (int mac)",
  gnutls_prf_hash_get: "int (uintptr_t session)",
  gnutls_digest_get_name: "uintptr_t (int digest)",
  gnutls_cipher_get_name: "uintptr_t (int cipher)",
  gnutls_kx_get_name: "uintptr_t (int exchange)",
  gnutls_group_get: "int (uintptr_t session)",
  gnutls_group_get_name: "uintptr_t (int group)",
  gnutls_prf_rfc5705:
    "int (uintptr_t session, size_t labelLength, void *label, size_t contextLength, void *context, size_t length, void *out)",
} as const;

const memoryPrototypes = {
  memcpy: "uintptr_t (uintptr_t to, uintptr_t from, size_t length)",
  memset: "uintptr_t (uintptr_t at, int value, size_t length)",
} as const;
