# One image for the three services of server mode; docker-compose.yml chooses which one a container runs.
# The embedded ClickHouse (chdb) is left out: here ClickHouse is a server.

FROM node:20-bookworm-slim AS build
WORKDIR /srv/syncline
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
# Only chdb is dropped: the other optional packages are prebuilt binaries that the services need.
RUN npm run build && npm prune --omit=dev && rm -rf node_modules/chdb node_modules/@chdb

FROM node:20-bookworm-slim
ENV NODE_ENV=production
# As scripts/start/v8.ts has it.
ENV NODE_OPTIONS=--max-semi-space-size=64
WORKDIR /srv/syncline
COPY --from=build --chown=node:node /srv/syncline/package.json ./
COPY --from=build --chown=node:node /srv/syncline/node_modules ./node_modules
COPY --from=build --chown=node:node /srv/syncline/build ./build
COPY --from=build --chown=node:node /srv/syncline/app ./app
COPY --from=build --chown=node:node /srv/syncline/contracts ./contracts
COPY --from=build --chown=node:node /srv/syncline/ingest ./ingest
COPY --from=build --chown=node:node /srv/syncline/migrations ./migrations
COPY --from=build --chown=node:node /srv/syncline/platform ./platform
COPY --from=build --chown=node:node /srv/syncline/scripts ./scripts
COPY --from=build --chown=node:node /srv/syncline/sync-engine ./sync-engine
COPY --from=build --chown=node:node /srv/syncline/config ./config
COPY --from=build --chown=node:node /srv/syncline/tsconfig.json ./
USER node
# Overridden by each service of docker-compose.yml.
CMD ["node", "--import", "tsx", "app/main.ts"]
