# One image for every process of the cluster; the command chooses which:
#   dist/server/main.js (the default), dist/server/main.js migrate up, dist/notifier/main.js, dist/recurrer/main.js,
#   dist/ops/main.js topics apply
ARG NODE_IMAGE=node:24-bookworm-slim
FROM ${NODE_IMAGE} AS build
WORKDIR /src
# The driver of Postgres is a package of this repository, so it has to lie there before the packages are installed.
COPY package.json package-lock.json .npmrc ./
COPY vendor vendor
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund --loglevel=error
COPY . .
RUN node scripts/build.ts && node scripts/image.ts /image

# Nothing but Node, the libraries it is linked with, the bundles and the three packages that stay outside of them: no
# shell, no package manager, nothing that could be written to. Debugging: kubectl debug --profile=restricted.
FROM scratch
COPY --from=build /image /
WORKDIR /app
ENV NODE_ENV=production
USER 1000:1000
EXPOSE 8080
ENTRYPOINT ["/usr/local/bin/node", "--enable-source-maps"]
CMD ["dist/server/main.js"]
