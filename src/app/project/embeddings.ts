import type { Embeddings } from "../../domain/ports.ts";
import { csharpEmbedding } from "../../script/embed/slots.ts";

/** How secrets get into the texts of each language. */
export const embeddings: Embeddings = { csharp: csharpEmbedding };
