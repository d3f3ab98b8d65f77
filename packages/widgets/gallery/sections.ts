import { certificateViewer } from "./certificate-viewer.ts";
import { connectivity } from "./connectivity.ts";
import { signIn } from "./sign-in.ts";
import type { GallerySection } from "./section.ts";

/** Every widget in every state. */
export const sections: readonly GallerySection[] = [certificateViewer, connectivity, signIn];
