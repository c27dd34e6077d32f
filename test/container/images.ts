import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ImageName } from "testcontainers";
import { writeBuildBase, writeRuntimeBase } from "./base-images.ts";
import { buildImage } from "./build-image.ts";
import type { Engine } from "./engine.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Images made for one run of the tests. */
export interface Images {
  /** The project's own Dockerfile, built. */
  readonly callform: string;
  /** What its last stage starts from. */
  readonly runtimeBase: string;
  /** And every container made of them, which a failed test may have left. */
  remove(): Promise<void>;
}

/** Builds the Dockerfile upon bases made of this machine's own node. Throws Error when any image cannot be built. */
export async function buildImages(engine: Engine, revision: string): Promise<Images> {
  const tag = `callform-test:${process.pid}`;
  const [callform, buildBase, runtimeBase] = [tag, `${tag}-build-base`, `${tag}-runtime-base`];
  const remove = async (): Promise<void> => {
    const { dockerode } = engine.container;
    for (const name of [callform, buildBase, runtimeBase]) {
      if (!(await isThere(engine, name))) continue;
      const filters = { ancestor: [name] };
      for (const { Id: id } of await dockerode.listContainers({ all: true, filters }))
        await dockerode.getContainer(id).remove({ force: true, v: true });
      await dockerode.getImage(name).remove({ force: true });
    }
  };
  const folder = mkdtempSync(path.join(tmpdir(), "callform-base-"));
  try {
    await buildImage(engine, writeBuildBase(path.join(folder, "build")), buildBase, {});
    await buildImage(engine, writeRuntimeBase(path.join(folder, "runtime")), runtimeBase, {});
    const args = { BUILD_IMAGE: buildBase, RUNTIME_IMAGE: runtimeBase, REVISION: revision };
    await buildImage(engine, ROOT, callform, args);
    return { callform, runtimeBase, remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function isThere(engine: Engine, name: string): Promise<boolean> {
  return engine.image.exists(ImageName.fromString(name));
}
