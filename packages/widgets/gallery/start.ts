/** npm run gallery: every widget in every state, at the address that it prints. */
import { serveGallery } from "./serve-gallery.ts";

const { url } = await serveGallery({ port: Number(process.argv[2] ?? 0) });
console.log(`The gallery is at ${url} until Ctrl+C.`);
