# The command line; without arguments it is the simulated PBX. docs/container.md says how to use it.

# Both can be another image, or the same one pinned: --build-arg BUILD_IMAGE=node:24-bookworm-slim@sha256:…
ARG BUILD_IMAGE=node:24-bookworm-slim
# Node's binary needs glibc and libstdc++ and nothing else, so the last stage has no shell and no package manager.
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${BUILD_IMAGE} AS build
# Empty; the last stage cannot make a folder that belongs to its user.
WORKDIR /data
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN node scripts/build.mjs --no-types

FROM ${RUNTIME_IMAGE}
ARG RUNTIME_IMAGE
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Callform" \
      org.opencontainers.image.description="Call flow apps of a 3CX phone system as code, and a simulated PBX" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.base.name="${RUNTIME_IMAGE}"

# A number, because Kubernetes' runAsNonRoot cannot judge a name; 65532 is nonroot in distroless images.
USER 65532:65532
WORKDIR /work
EXPOSE 8080
# Asks the page of the sandbox, which no fault and no latency touches.
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/').then(({ ok }) => process.exit(ok ? 0 : 1))"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
# A service container in a CI system cannot be given arguments, so this works without any.
CMD ["sandbox", "--host", "0.0.0.0", "--port", "8080"]

COPY --from=build /usr/local/bin/node /usr/local/bin/node
# A new volume mounted here takes over this owner.
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build /src/LICENSE /src/package.json /app/
COPY --from=build /src/completions /app/completions
COPY --from=build /src/examples /app/examples
COPY --from=build /src/schemas /app/schemas
COPY --from=build /src/dist/wasm /app/dist/wasm
# With licenses.txt, which has to travel with the code it is about.
COPY --from=build /src/dist/cli /app/dist/cli
