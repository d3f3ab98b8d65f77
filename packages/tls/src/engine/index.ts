/** For packages that wrap a TLS library: the engine contract, and the driver that makes a backend of it. */
export * from "./engine.ts";
export { engineBackend } from "./engine-backend.ts";
export { EngineSocket, type EngineSocketOptions } from "./engine-socket.ts";
export { InputQueue, OutputQueue, type NativeMemory } from "./byte-queues.ts";
export { PlaintextSlab } from "./plaintext-slab.ts";
export type { DescriptorOpener, SocketDescriptor } from "./descriptor-carrier.ts";
export { slabPool, type SlabPool } from "./slab-pool.ts";
export { leases, type Lease, type Leases } from "./leases.ts";
export { ClientHelloReader, type ClientHello, type ClientHelloReading } from "../protocol/client-hello.ts";
export { keyTypesOf } from "../protocol/signature-schemes.ts";
export { opensslCiphers, opensslGroups, opensslPskCiphers, withPskCiphers } from "../protocol/openssl-names.ts";
export { type TlsFeature, unsupportedAlgorithms } from "../features.ts";
