import { backendCan, type TlsBackend } from "@fairlead/tls";
import type { OfferedBackend } from "@fairlead/widgets/tls-settings";

/** A backend as settings offer it, with what it can do here. Takes some dozen handshakes in memory when first asked. */
export async function offeredBackend(backend: TlsBackend): Promise<OfferedBackend> {
  const { name, library } = backend;
  const { versions, groups, ciphers, earlyData, keyLog } = await backend.capabilities();
  return {
    name,
    available: true,
    library,
    capabilities: { versions, groups, ciphers, earlyData, keyLog },
    canAskForIdentity:
      backendCan(name, "client-certificate-question") || backendCan(name, "client-certificate-restart"),
  };
}
