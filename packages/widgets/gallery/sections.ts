import { certificateException } from "./certificate-exception.ts";
import { certificateViewer } from "./certificate-viewer.ts";
import { connectivity } from "./connectivity.ts";
import { signIn } from "./sign-in.ts";
import type { GallerySection } from "./section.ts";

/** Every widget in every state. */
export const sections: readonly GallerySection[] = [certificateException, certificateViewer, connectivity, signIn];
