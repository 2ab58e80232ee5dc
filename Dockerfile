# The server with both apps inside:      docker build -t carat .
# Each app by itself, behind a proxy:    docker build -t carat-customer --target customer .
#                                        docker build -t carat-seller --target seller .

FROM node:20-bookworm-slim AS apps
WORKDIR /carat/frontend
COPY frontend/ ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund && npm run build

FROM rust:1.95-bookworm AS build
WORKDIR /carat
COPY . .
COPY --from=apps /carat/frontend/apps/customer/dist frontend/apps/customer/dist
COPY --from=apps /carat/frontend/apps/seller/dist frontend/apps/seller/dist
COPY --from=apps /carat/frontend/packages/api-docs/dist frontend/packages/api-docs/dist
# The caches outlive the layer, so that a change of ours does not compile the libraries again.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/carat/target \
    cargo build --profile dist --locked -p server && cp target/dist/carat /usr/local/bin/carat

# Plain files for whatever serves them: the proxy sends /api, /media and /.well-known to the server.
FROM nginxinc/nginx-unprivileged:1-alpine AS customer
COPY --from=apps /carat/frontend/apps/customer/dist /usr/share/nginx/html
RUN sed -i 's|index  index.html index.htm;|index index.html; try_files $uri /index.html;|' /etc/nginx/conf.d/default.conf

FROM nginxinc/nginx-unprivileged:1-alpine AS seller
COPY --from=apps /carat/frontend/apps/seller/dist /usr/share/nginx/html/seller
RUN sed -i 's|index  index.html index.htm;|index index.html; try_files $uri /seller/index.html;|' /etc/nginx/conf.d/default.conf

FROM debian:bookworm-slim AS server
# Root certificates for the gateway, the mail server and the other services that are called over TLS.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /carat carat && install -d -o carat /carat/data
WORKDIR /carat
COPY --from=build /usr/local/bin/carat /usr/local/bin/carat
COPY config config
COPY scripts/container-health.sh /usr/local/bin/container-health
COPY LICENSE-MIT LICENSE-APACHE NOTICE /usr/share/doc/carat/
USER carat
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
VOLUME /carat/data
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["container-health"]
ENTRYPOINT ["carat"]
CMD ["serve"]
