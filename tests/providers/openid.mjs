// A real OpenID provider (oidc-provider, certified) on a free port of this machine, for tests: anyone may sign in with any
// password, and is asked for consent. On its first line it says where it is. `POST /mood` makes it behave badly, which a
// good library would refuse to do by itself:
//   {"claims": {...}}         these claims of the ID token are others (null: gone)
//   {"signature": "..."}      "none", "broken", "stranger" (a key that was never published), "secret" (HS256 with the
//                             client's secret), "rotated" (a key that is published from now on)
//   {"fails": {"path", "status"}}, {"hangs": {"path"}}, {"answers": {"path", "body"}}
//   {"issuer": "..."}         its document names another issuer
// A login that begins with "unproven" has an address that is not verified, one that begins with "nobody" has none.
import { createHmac, generateKeyPairSync, sign } from "node:crypto";
import { createServer } from "node:http";

const [
  clientId = "shop",
  clientSecret = "the-shops-secret-at-the-provider",
  callbackPath = "/api/v1/auth/oauth/acme/callback",
] = process.argv.slice(2);

console.warn = console.info = () => {}; // it warns of what is right for tests
const { default: Provider } = await import("oidc-provider");

const keys = ["first", "second", "stranger"].map((kid) => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { kid, privateKey, jwk: { ...privateKey.export({ format: "jwk" }), kid, use: "sig", alg: "RS256" } };
});
const [first, second, stranger] = keys;
let mood = {};

const server = createServer();
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      // A native client may come back to any port of its own machine (RFC 8252).
      application_type: "native",
      redirect_uris: ["127.0.0.1", "localhost"].map((host) => `http://${host}${callbackPath}`),
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [first.jwk] },
  cookies: { keys: ["a-key-for-tests"] },
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => claimsOf(id) }),
  features: { devInteractions: { enabled: true } },
});

function claimsOf(id) {
  const login = id.split("@")[0];
  const who = { sub: id, name: `${login.charAt(0).toUpperCase()}${login.slice(1)} of Acme` };
  if (login.startsWith("nobody")) return who;
  const email = id.includes("@") ? id : `${id}@example.com`;
  return { ...who, email, email_verified: !login.startsWith("unproven") };
}

provider.use(async (ctx, next) => {
  if (ctx.path === "/mood" && ctx.method === "POST") {
    let text = "";
    for await (const chunk of ctx.req) text += chunk;
    mood = JSON.parse(text);
    ctx.body = "";
    return;
  }
  if (mood.hangs?.path === ctx.path) await new Promise(() => {});
  if (mood.fails?.path === ctx.path) {
    ctx.status = mood.fails.status;
    ctx.body = "<h1>Sorry</h1>";
    return;
  }
  if (mood.answers?.path === ctx.path) {
    ctx.body = mood.answers.body;
    return;
  }
  await next();
  if (ctx.path === "/token" && ctx.body?.id_token)
    ctx.body = { ...ctx.body, id_token: forged(ctx.body.id_token) };
  if (ctx.path === "/jwks" && mood.signature === "rotated")
    ctx.body = { keys: [first, second].map(published) };
  if (ctx.path === "/.well-known/openid-configuration" && mood.issuer)
    ctx.body = { ...ctx.body, issuer: mood.issuer };
});

function published({ jwk: { kty, n, e, kid, use, alg } }) {
  return { kty, n, e, kid, use, alg };
}

function forged(token) {
  if (!mood.claims && !mood.signature) return token;
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const [header, payload, signature] = token.split(".");
  const read = (text) => JSON.parse(Buffer.from(text, "base64url").toString());
  const claims = { ...read(payload), ...mood.claims };
  const signed = (alg, kid, how) => {
    const text = `${part({ alg, typ: "JWT", kid })}.${part(claims)}`;
    return `${text}.${how(text)}`;
  };
  const by = (key) => (text) => sign("sha256", Buffer.from(text), key.privateKey).toString("base64url");
  switch (mood.signature) {
    case "none":
      return signed("none", undefined, () => "");
    case "broken":
      return `${header}.${payload}.${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    case "stranger":
      return signed("RS256", first.kid, by(stranger));
    case "secret":
      return signed("HS256", first.kid, (text) =>
        createHmac("sha256", clientSecret).update(text).digest("base64url"),
      );
    case "rotated":
      return signed("RS256", second.kid, by(second));
    default:
      return signed("RS256", first.kid, by(first));
  }
}

server.on("request", provider.callback());
process.stdin.resume().on("end", () => process.exit()); // whoever started it is gone
process.stdout.write(`${issuer}\n`);
